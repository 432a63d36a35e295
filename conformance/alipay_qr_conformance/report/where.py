"""Where to look in a subject's source: the functions whose words are those of a broken rule.

    look   places (``file:line function``) by the id of a cause, the likeliest first

It guesses from words alone, whatever the language, and says nothing where no word fits. Bounded: so many
files of so many bytes; what is hidden, linked, vendored or of another kind is left out.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from alipay_qr_conformance.report.summary import Cause

_SUFFIXES: Final = tuple(
    f".{each}"
    for each in "c cc cjs cpp cs go java js jsx kt lua mjs php pl py rb rs scala swift ts tsx vb".split()  # noqa: SIM905
)
_SKIPPED: Final = frozenset(
    {"node_modules", "vendor", "dist", "build", "target", "__pycache__", "venv", "site-packages"}
)
_MOST_FILES: Final = 2000
_LARGEST: Final = 400_000
"""Bytes of a file."""
_MOST_PLACES: Final = 3

_FUNCTION: Final = re.compile(
    r"^[ \t]*(?:(?:export|default|public|private|protected|internal|static|final|async|override) +){0,4}"
    r"(?:(?:def|func|function|fn|fun|sub) +(?:\([^)\n]{0,80}\) *)?(?:self\.)?(?P<word>[A-Za-z_]\w*)"
    r"|(?:const|let|var) +(?P<arrow>[A-Za-z_]\w*) *= *(?:async *)?(?:function|\([^)\n]{0,200}\) *=>)"
    r"|[A-Za-z_][\w<>\[\], .?]{0,80} (?P<typed>[A-Za-z_]\w*) *\([^;={}]{0,200}\)[^;={}()]{0,80}\{"
    r"|(?!if|for|while|switch|catch|return|else)(?P<method>[A-Za-z_#]\w*) *\([^;]{0,200}\) *\{)",
    re.MULTILINE,
)
"""The head of a function: with a keyword, as an arrow, with a type before it, or as a method of a class."""

_WORDS: Final[Mapping[str, str]] = {
    "sign.rsa": r"rsa|openssl_sign|pkcs|sha\w*with|createSign|PKCS1",
    "sign.md5": r"md5",
    "sign.charset": r"encode|charset|iconv|mb_convert|getBytes",
    "sign.order": r"sort",
    "sign.": r"presign|sign|sort|join|implode|sign_type",
    "verify.": r"verif|genuine|hash_equals|timingSafe",
    "request.sign": r"sign",
    "request.create": r"create|qrcode|biz_data|spot\.create",
    "request.cancel": r"cancel",
    "request.refund": r"refund",
    "request.": r"request|urlencode|encodeURI|http_build_query|_input_charset|form|query|gateway",
    "response.": r"response|xml|is_success|result_code|detail_error_code|outcome",
    "notify.reply": r"notif|success|fail",
    "notify.validate": r"notif|seller|total_fee|amount|currency",
    "notify.": r"notif|trade_status|notify_id|fulfil",
    "money.cancel": r"cancel|undecided|day|beijing|GMT|timezone",
    "money.refund": r"refund|remain|amount|pending",
    "money.": r"refund|cancel|paid|amount",
    "policy.": r"config|settings|timeout|retry",
}
"""By the beginning of a requirement's id: the words of the code that keeps it."""


class _Place(NamedTuple):
    score: float
    file: str
    line: int
    name: str


def look(folder: Path, causes: Iterable[Cause]) -> dict[str, tuple[str, ...]]:
    """Return where to look, by the id of a cause; those without a place are absent.

    Raises:
        OSError: the folder cannot be read.
    """
    texts = list(_texts(folder))
    found = {cause.id: _places(texts, _pattern(cause)) for cause in causes}
    return {name: places for name, places in found.items() if places}


def sources(folder: Path, also: tuple[str, ...] = ()) -> Iterator[Path]:
    """Yield the files of source code below a folder, in order; hidden and built folders are left out.

    Args:
        folder: where to look.
        also: further suffixes, in small letters.
    """
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if each not in _SKIPPED and not each.startswith("."))
        for name in sorted(names):
            path = Path(here, name)
            if path.suffix.lower() in (*_SUFFIXES, *also) and not path.is_symlink():
                yield path


def _pattern(cause: Cause) -> re.Pattern[str]:
    fitting = [each for each in _WORDS if f"{cause.id}.".startswith(each)]
    return re.compile(_WORDS[max(fitting, key=len)] if fitting else re.escape(cause.id), re.IGNORECASE)


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    if not folder.is_dir():
        raise NotADirectoryError(20, "there is no such folder", str(folder))
    for path in islice(sources(folder), _MOST_FILES):
        try:
            if path.stat().st_size <= _LARGEST:
                yield path.relative_to(folder).as_posix(), path.read_text("utf-8", "replace")
        except OSError:
            continue


def _places(texts: Iterable[tuple[str, str]], words: re.Pattern[str]) -> tuple[str, ...]:
    found = [place for file, text in texts for place in _functions(file, text, words)]
    best = sorted(found, key=lambda each: (-each.score, each.file, each.line))[:_MOST_PLACES]
    return tuple(f"{each.file}:{each.line} {each.name}" for each in best)


def _functions(file: str, text: str, words: re.Pattern[str]) -> Iterator[_Place]:
    """Yield the functions of a file that hold such words; one in the name counts most."""
    heads = list(_FUNCTION.finditer(text))
    for at, head in enumerate(heads):
        body = text[head.end() : heads[at + 1].start() if at + 1 < len(heads) else len(text)]
        name = next(filter(None, head.groupdict().values()))
        hits = len(words.findall(body))
        if not hits and not words.search(name):
            continue
        score = 3.0 * bool(words.search(name)) + min(hits, 5) / (1 + body.count("\n") / 20)
        yield _Place(score, file, text.count("\n", 0, head.start()) + 1, name)
