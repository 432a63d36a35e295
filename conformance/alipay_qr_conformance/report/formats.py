"""The formats of a report: ``--report KIND=FILE``, one module each.

FORMATS      kind -> module
Wanted       one report that was asked for
parse        the text of the option
render       a run in a format
write        all reports of a run
"""

from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple, Protocol, cast

from alipay_qr_conformance.report.run import Run

FORMATS: Final = {
    "json": "json_report",
    "ndjson": "ndjson",
    "junit": "junit",
    "sarif": "sarif",
    "markdown": "markdown",
    "html": "html_page",
    "terminal": "terminal",
    "agent": "agent",
}


class FormatError(ValueError):
    """The option is malformed; the text says what to write."""


class Wanted(NamedTuple):
    """One report: its kind and its file, ``-`` for standard output."""

    kind: str
    path: Path


class _Format(Protocol):
    def render_run(self, run: Run, lang: str) -> str: ...


def parse(text: str) -> Wanted:
    """Return what ``KIND=FILE`` asks for.

    Raises:
        FormatError: no such kind, or no file.
    """
    kind, _, path = text.partition("=")
    if kind not in FORMATS:
        raise FormatError(f"no report {kind!r}; write KIND=FILE, where KIND is one of {', '.join(FORMATS)}")
    if not path:
        raise FormatError(f"the report {kind!r} needs a file: {kind}=FILE, or {kind}=- for standard output")
    return Wanted(kind, Path(path))


def render(kind: str, run: Run, lang: str = "en") -> str:
    """Return a run in a format: the same run gives the same text."""
    module = import_module(f"alipay_qr_conformance.report.{FORMATS[kind]}")
    return cast("_Format", module).render_run(run, lang)
