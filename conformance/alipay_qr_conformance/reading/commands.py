r"""Command lines of HTTP clients, read and never executed.

    curl 'https://...' -d 'a=b' --data-urlencode 'c=d e'     bash, cmd (``^&``, ``^"``), PowerShell (`` ` ``)
    wget -qO- --post-data='a=b' https://...
    http -f POST https://... a=b c='d e'                      HTTPie
    Invoke-WebRequest -Uri "https://..." -Body "a=b"          PowerShell; -Body @{a='b'}

Files (``@name``) are not read. Line continuations and the ``$'...'`` quotes of browsers are understood.
"""

import re
import shlex
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from alipay_qr.wire import Request
from alipay_qr_conformance.reading.octets import to_bytes
from alipay_qr_conformance.reading.patterns import later

BEGIN: Final = (
    rb"[ \t]*(?:[$>#%] |PS [^>\r\n]{0,80}> ?|[A-Za-z]:\\[^>\r\n]{0,80}> ?)?"
    rb"(?:curl(?:\.exe)?|wget|https?|Invoke-WebRequest|Invoke-RestMethod|iwr|irm) "
)
"""How a line of a command begins."""

_END: Final = later(rb"(?:[^\r\n]*[\\^`][ \t]*\r?\n(?!" + BEGIN + rb"))*+[^\r\n]*")
"""A command and the lines that continue it; a line that begins one of its own does not: each is read once."""
_LONGEST: Final = 1024 * 1024
_DATA: Final = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-ascii"})
_FORM: Final = frozenset({"-F", "--form", "--form-string"})
_WITH_VALUE: Final = frozenset(
    {"-X", "--request", "-A", "--user-agent", "-b", "--cookie", "-c", "--cookie-jar", "-e", "--referer", "-o"}
    | {"--output", "-u", "--user", "-x", "--proxy", "--connect-timeout", "-m", "--max-time", "--cacert"}
    | {"--cert", "--key", "--resolve", "--retry", "-w", "--write-out", "--interface"}
)
_ANSI: Final = later(r"\$'((?:[^'\\]|\\.)*+)'", re.DOTALL)
_ESCAPE: Final = later(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3}|.)", re.DOTALL)
_LETTERS: Final = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_CMD: Final = later(r"\^(\r?\n)?(.?)", re.DOTALL)
_SHELL_TABLE: Final = later(r"[\"']?(\w{1,64})[\"']? ?= ?(?:\"([^\"]*)\"|'([^']*)')")


_SHELL_BODY: Final = later(r"\"((?:[^\"`]|`.)*+)\"|'([^']*+)'|@\{((?:[^}\"']|\"[^\"]*+\"|'[^']*+')*+)\}")


class NotReadError(ValueError):
    """The line cannot be read; ``code`` is ``curl-words``, ``curl-url`` or ``curl-file``."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def command_end(data: bytes, start: int) -> int:
    """Return where the command that begins at ``start`` ends: at the end of its last continued line.

    Quotes may hold line ends: then the command ends where the last of them closes.
    """
    found = _END.match(data, start, start + _LONGEST)
    end = found.end() if found else len(data)
    for _ in range(64):
        line = data[start:end]
        if line.count(b"'") % 2 == 0 and (line.count(b'"') - line.count(b'\\"')) % 2 == 0:
            break
        following = _END.match(data, end + 1, start + _LONGEST)
        if end >= len(data) or following is None:
            break
        end = following.end()
    return end


def command_request(line: str) -> Request:
    """Return the request that a command line would send.

    Raises:
        NotReadError: quotes do not close, there is no URL, or the data stands in a file.
    """
    name = re.search(r"curl|wget|https? |Invoke-|iwr|irm", line)
    word = name[0] if name else ""
    line = line[name.start() :] if name else line
    reader: Callable[[str], Request] = {
        "curl": _curl,
        "wget": _wget,
        "http ": _httpie,
        "https ": _httpie,
    }.get(word, _powershell)
    return reader(line)


def _curl(line: str) -> Request:
    words = _words(line)[:0:-1]
    url, kind, method = "", _FORM_TYPE, ""
    data: list[str] = []
    in_query = False
    while words:
        word = words.pop()
        option, value = _option(word, words)
        if option in _DATA:
            data.append(_inline(value, option))
        elif option == "--data-urlencode":
            data.append(_encoded(value))
        elif option in _FORM:
            name, _, content = _inline(value, option).partition("=")
            data.append(f"{_quoted(name)}={_quoted(content)}")
        elif option in {"-G", "--get"}:
            in_query = True
        elif option in {"-H", "--header"}:
            name, _, content = value.partition(":")
            kind = content.strip() if name.strip().lower() == "content-type" else kind
        elif option in {"-X", "--request"}:
            method = value.upper()
        elif option == "--url" or (not option and not url):
            url = value
    return _assembled(url, kind, method, "&".join(data), in_query=in_query)


def _wget(line: str) -> Request:
    url = body = ""
    words = _words(line)[:0:-1]
    while words:
        word = words.pop()
        name, equals, value = word.partition("=")
        if name in {"--post-data", "--body-data"}:
            body = value if equals else (words.pop() if words else "")
        elif (not word.startswith("-") and "?" in word) or re.match(r"https?:", word):
            url = word
    return _assembled(url, _FORM_TYPE, "", body, in_query=False)


def _httpie(line: str) -> Request:
    url = ""
    data: list[str] = []
    query: list[str] = []
    as_form = False
    for word in _words(line)[1:]:
        if word in {"-f", "--form"}:
            as_form = True
        elif word.startswith("-") or word in {"GET", "POST", "PUT"}:
            continue
        elif not url:
            url = word
        elif found := re.match(r"([\w.]{1,64})(==|=)(.*)", word, re.DOTALL):
            (query if found[2] == "==" else data).append(f"{found[1]}={_quoted(found[3])}")
    if query:
        url += ("&" if "?" in url else "?") + "&".join(query)
    return _assembled(url, _FORM_TYPE, "POST" if as_form or data else "GET", "&".join(data), in_query=False)


def _powershell(line: str) -> Request:
    joined = re.sub(r"`\r?\n", " ", line)
    uri = re.search(r"(?i)(?:-Uri )?[\"']?(https?://[^\"'\s]+)", joined)
    option = re.search(r"(?i)-Body \(?", joined)
    body = _SHELL_BODY.match(joined, option.end()) if option is not None else None
    text = ""
    if body is not None and body[3] is not None:
        text = "&".join(f"{m[1]}={_quoted(m[2] or m[3] or '')}" for m in _SHELL_TABLE.finditer(body[3]))
    elif body is not None:
        text = re.sub(r"`(.)", r"\1", body[1]) if body[1] is not None else body[2]
    return _assembled(uri[1] if uri else "", _FORM_TYPE, "", text, in_query=False)


def _assembled(url: str, kind: str, method: str, body: str, *, in_query: bool) -> Request:
    if not url:
        raise NotReadError("curl-url")
    query = url.partition("#")[0].partition("?")[2]
    if in_query or (method == "GET" and body):
        query, body = "&".join(part for part in (query, body) if part), ""
    if not body:
        return Request("GET", to_bytes(query))
    return Request("POST", to_bytes(query), to_bytes(body), kind)


def _words(line: str) -> list[str]:
    if "^" in line and ("^&" in line or '^"' in line or "^%" in line or re.search(r"\^\r?\n", line)):
        line = _CMD.sub(lambda found: f" {found[2]}" if found[1] else found[2], line)
    joined = re.sub(r"[\\^`]\r?\n", " ", line)
    plain = _ANSI.sub(lambda found: shlex.quote(_ESCAPE.sub(_character, found[1])), joined)
    try:
        return shlex.split(plain)
    except ValueError as error:
        raise NotReadError("curl-words", str(error)) from None


def _option(word: str, words: list[str]) -> tuple[str, str]:
    """Return (option, value); the option is empty for a bare word."""
    if not word.startswith("-") or word == "-":
        return "", word
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        takes = name in _DATA | _FORM | _WITH_VALUE | {"--data-urlencode", "--header", "--url"}
        if takes and not equals:
            value = words.pop() if words else ""
        return name, value
    short = word[:2]
    if short in _DATA | _FORM | _WITH_VALUE | {"-H"}:
        return short, word[2:] or (words.pop() if words else "")
    return ("-G", "") if "G" in word else (word, "")


def _inline(value: str, option: str) -> str:
    if value.startswith("@") or ("=@" in value and option in _FORM):
        raise NotReadError("curl-file", f"{option} {value[:40]}")
    return value


def _encoded(value: str) -> str:
    """Return what ``--data-urlencode`` sends: name=content or =content or content, the content encoded."""
    name, equals, content = value.partition("=")
    if not equals:
        return _quoted(_inline(value, "--data-urlencode"))
    return f"{name}={_quoted(content)}" if name else _quoted(content)


def _quoted(text: str) -> str:
    return quote(to_bytes(text), safe="")


def _character(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "xu" and len(code) > 1:
        return chr(int(code[1:], 16)) if code[0] == "u" else bytes([int(code[1:], 16)]).decode("latin-1")
    if code.isdecimal():
        return chr(int(code, 8) & 0xFF)
    return _LETTERS.get(code, code)
