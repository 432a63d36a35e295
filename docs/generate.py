"""The generated part of the reference: requirements, commands, options of the plugin, schemas.

Written into ``docs/generated/`` at every build, so that it cannot be out of date.
"""

import argparse
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write_pages(folder: Path) -> None:
    """Write all generated pages."""
    folder.mkdir(exist_ok=True)
    pages = {
        "requirements": requirements(),
        "commands": commands(),
        "pytest": pytest_options(),
        "schemas": schemas(),
        "more": more(folder.parent),
    }
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def write_texts_of(source: Path, target: Path, pages: Iterable[str]) -> None:
    """Write pages as Markdown, and ``llms.txt``: the list of them for language models (llmstxt.org)."""
    names = list(pages)
    for name in names:
        path = target / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((source / f"{name}.md").read_text("utf-8"), "utf-8")
    (target / "llms.txt").write_text(llms_txt(source, names), "utf-8")


def llms_txt(source: Path, pages: Iterable[str]) -> str:
    """Return the list of pages: title and first paragraph of the first, then a link and a line for each."""
    head, about = _opening((source / "index.md").read_text("utf-8"))
    lines = [f"# {head}", "", f"> {about}", ""]
    groups = {"tutorials": "Tutorials", "howto": "How to", "generated": "Reference", "": "More"}
    told: dict[str, list[str]] = {title: [] for title in groups.values()}
    for name in pages:
        folder = name.partition("/")[0] if "/" in name else ""
        title, first = _opening((source / f"{name}.md").read_text("utf-8"))
        row = f"- [{title}]({name}.md)" + (f": {first}" if first else "")
        told[groups.get(folder, "More")].append(row)
    for title, rows in told.items():
        lines += [f"## {title}", "", *rows, ""] if rows else []
    return "\n".join(lines)


def _opening(text: str) -> tuple[str, str]:
    """Return the title of a page and its first paragraph, where that is one."""
    heading, _, rest = text.partition("\n")
    first = next((each for each in rest.strip().split("\n\n") if each.strip()), "")
    plain = " ".join(first.split())
    return heading.lstrip("# ").strip(), "" if plain.startswith(
        ("|", "#", "`", "<", ":", "-", "[", "%")
    ) else plain


def requirements() -> str:
    """Return the register as a page, both languages."""
    from alipay_qr_conformance.model.requirement_sets import days, requirement_set
    from alipay_qr_conformance.model.requirements import LEVELS, register
    from alipay_qr_conformance.model.texts import say

    rows = register().values()
    tested = [row for row in rows if row.excluded is None]
    sets = ", ".join(f"{day} ({len(requirement_set(day).ids)})" for day in days())
    lines = [
        "# Requirements",
        "",
        f"{len(rows)} requirements, {len(tested)} of them tested; the others say why not.",
        f"Frozen sets: {sets}. What the names in a source mean stands in [sources](../sources.md).",
        "",
    ]
    for level in LEVELS:
        english, chinese = (say(f"level.{level}", lang) for lang in ("en", "zh"))
        lines += [f"## Level {level}: {english} / {chinese}", ""]
        for row in rows:
            if row.level != level:
                continue
            lines += [
                f"### `{row.id}`",
                "",
                f"**{row.keyword}**: {_plain(row.title.en)}  ",
                f"{_plain(row.title.zh)}",
                "",
                f"- Why: {_plain(row.why.en)}",
                f"- 影响: {_plain(row.why.zh)}",
                f"- To mend it: {_plain(row.mend.en)}",
                f"- 修正方法: {_plain(row.mend.zh)}",
                f"- Source: {_plain(row.clause)}",
            ]
            if row.excluded is not None:
                lines += [f"- Not tested: {_plain(row.excluded.en)} / {_plain(row.excluded.zh)}"]
            lines.append("")
    return "\n".join(lines)


def commands() -> str:
    """Return the help of every command."""
    from alipay_qr_conformance.cli import parser

    os.environ["COLUMNS"], os.environ["LC_ALL"] = "100", "C.UTF-8"
    top = parser()
    lines = ["# Commands", "", _block(top.format_help()), ""]
    for action in top._actions:  # noqa: SLF001 (argparse has no public list)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, command in action.choices.items():
                lines += [f"## alipay-qr {name}", "", _block(command.format_help()), ""]
    return "\n".join(lines)


def pytest_options() -> str:
    """Return the options of the plugin."""
    from alipay_qr_conformance.pytest.options import _OPTIONS

    lines = [
        "# Options of the pytest plugin",
        "",
        "Every option has a setting of the same name with underscores, for `pytest.ini` or `pyproject.toml`.",
        "",
        "| option | setting | what it does |",
        "|---|---|---|",
        *(
            f"| `--alipay-{name} {metavar}` | `alipay_{name.replace('-', '_')}` | {_plain(text)} |"
            for name, metavar, text in _OPTIONS
        ),
        "| `--alipay-faketime` | `alipay_faketime` (a flag) | move the clock of the adapter's process |",
        "| `--alipay-report KIND=FILE` | `alipay_report` (a list) | write a report; repeatable |",
        "",
        "Fixtures: `alipay_gateway`, a simulated gateway on loopback that records and judges every request;",
        "`alipay_merchant`, the reference merchant configured for it.",
        "",
    ]
    return "\n".join(lines)


def schemas() -> str:
    """Return the schemas that others read and write by."""
    from importlib.resources import files

    from alipay_qr.catalogue import SERVICES, json_schema
    from alipay_qr_conformance.audit.ndjson import schema as line_schema
    from alipay_qr_conformance.audit.report import schema as audit_schema
    from alipay_qr_conformance.report.json_report import schema

    adapter = files("alipay_qr_conformance") / "subjects" / "schema" / "adapter-v1.schema.json"
    parts: list[tuple[str, Any]] = [
        ("The JSON report", schema()),
        ("A line of a recording", line_schema()),
        ("The JSON report of an audit", audit_schema()),
        ("The adapter protocol", json.loads(adapter.read_text("utf-8"))),
    ]
    parts += [(f"Request of `{name}`", json_schema(name)) for name in SERVICES]
    lines = ["# Schemas", "", "JSON Schema, draft 2020-12.", ""]
    for title, content in parts:
        text = json.dumps(content, indent=1, ensure_ascii=False)
        lines += [f"## {title}", "", f"```json\n{text}\n```", ""]
    return "\n".join(lines)


def more(folder: Path) -> str:
    """Return a page with every page that the index does not name."""
    index = (folder / "index.md").read_text("utf-8")
    others = sorted(
        path.stem for path in folder.glob("*.md") if path.stem != "index" and f"\n{path.stem}\n" not in index
    )
    lines = ["# More pages", "", "Pages beside the tutorials and the reference.", ""]
    if others:
        lines += ["```{toctree}", ":maxdepth: 1", "", *(f"../{name}" for name in others), "```", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return text without anything that Markdown would read as markup."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|$&#" else c for c in " ".join(text.split()))


def _block(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"


def _main() -> Iterable[str]:
    write_pages(Path(__file__).parent / "generated")
    yield "written"


if __name__ == "__main__":
    print(*_main())
