"""The formats of a report: ``--report KIND=FILE``, one module each.

FORMATS      kind -> what it is for
Wanted       one report that was asked for
parse        the text of the option
render       a run in a format
write        all reports of a run
"""

from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple, Protocol, cast

from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.report.run import Run

FORMATS: Final = {
    "json": Text("everything, for programs", "完整数据，供程序读取"),
    "ndjson": Text("one event a line", "每行一个事件"),
    "junit": Text("what CI servers read", "供 CI 读取"),
    "sarif": Text("what code scanning reads", "供代码扫描平台读取"),
    "markdown": Text("the summary of a CI step", "CI 步骤摘要"),
    "html": Text("one file for people, without network", "单个网页文件，不联网"),
    "terminal": Text("the text of the terminal", "终端文本"),
}

_MODULES: Final = {
    "json": "json_report",
    "html": "html_page",
    "terminal": "terminal",
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
    module = import_module(f"alipay_qr_conformance.report.{_MODULES.get(kind, kind)}")
    return cast("_Format", module).render_run(run, lang)
