"""A curl command line, read and never executed.

Understood: the URL, ``-d`` and its kin, ``--data-urlencode``, ``-G``, ``-F name=value``, ``-H Content-Type``,
line continuations, and the ``$'...'`` quoting that browsers' *Copy as cURL* writes. Files (``@name``) are not
read.
"""

import re
import shlex
from typing import Final
from urllib.parse import quote

from alipay_qr.wire import Request
from alipay_qr_conformance.doctor.input_error import InputError

_DATA: Final = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-ascii"})
_FORM: Final = frozenset({"-F", "--form", "--form-string"})
_WITH_VALUE: Final = frozenset(
    [
        "-X",
        "--request",
        "-A",
        "--user-agent",
        "-b",
        "--cookie",
        "-c",
        "--cookie-jar",
        "-e",
        "--referer",
        "-o",
        "--output",
        "-u",
        "--user",
        "-x",
        "--proxy",
        "--connect-timeout",
        "-m",
        "--max-time",
        "--cacert",
        "--cert",
        "--key",
        "--resolve",
        "--retry",
        "-w",
        "--write-out",
        "--interface",
    ]
)
_ANSI: Final = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3}|.)", re.DOTALL)
_LETTERS: Final = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_FORM_TYPE: Final = "application/x-www-form-urlencoded"


def curl_request(line: str) -> Request:
    """Return the request that a curl line would send.

    Raises:
        InputError: quotes do not close, no URL, or the data stands in a file.
    """
    words = _words(line)
    url, kind, method = "", _FORM_TYPE, ""
    data: list[str] = []
    in_query = False
    while words:
        word = words.pop(0)
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
    if not url:
        raise InputError("curl-url")
    return _assembled(url, kind, method, "&".join(data), in_query=in_query)


def _assembled(url: str, kind: str, method: str, body: str, *, in_query: bool) -> Request:
    query = url.partition("#")[0].partition("?")[2]
    if in_query or (method == "GET" and body):
        query, body = "&".join(part for part in (query, body) if part), ""
    if not body:
        return Request("GET", _bytes(query))
    return Request("POST", _bytes(query), _bytes(body), kind)


def _words(line: str) -> list[str]:
    joined = re.sub(r"[\\^`]\r?\n", " ", line)
    plain = _ANSI.sub(lambda found: shlex.quote(_ESCAPE.sub(_character, found[1])), joined)
    try:
        words = shlex.split(plain)
    except ValueError as error:
        raise InputError("curl-words", str(error)) from None
    return words[1 + (words[0] == "$") :]


def _option(word: str, words: list[str]) -> tuple[str, str]:
    """Return (option, value); the option is empty for a bare word."""
    if not word.startswith("-") or word == "-":
        return "", word
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        takes = name in _DATA | _FORM | _WITH_VALUE | {"--data-urlencode", "--header", "--url"}
        if takes and not equals:
            value = words.pop(0) if words else ""
        return name, value
    short = word[:2]
    if short in _DATA | _FORM | _WITH_VALUE | {"-H"}:
        return short, word[2:] or (words.pop(0) if words else "")
    return ("-G", "") if "G" in word else (word, "")


def _inline(value: str, option: str) -> str:
    if value.startswith("@") or ("=@" in value and option in _FORM):
        raise InputError("curl-file", f"{option} {value[:40]}")
    return value


def _encoded(value: str) -> str:
    """Return what ``--data-urlencode`` sends: name=content or =content or content, the content encoded."""
    name, equals, content = value.partition("=")
    if not equals:
        return _quoted(_inline(value, "--data-urlencode"))
    return f"{name}={_quoted(content)}" if name else _quoted(content)


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogateescape"), safe="")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _character(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "xu" and len(code) > 1:
        return chr(int(code[1:], 16)) if code[0] == "u" else bytes([int(code[1:], 16)]).decode("latin-1")
    if code.isdecimal():
        return chr(int(code, 8) & 0xFF)
    return _LETTERS.get(code, code)
