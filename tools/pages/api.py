"""docs/api.md, from the public lists of the protocol and of the pytest fixtures."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from tools.pages import ROOT

PAGE: Final = ROOT / "docs" / "api.md"
HEAD: Final = """# Python reference

Computed from the code: the public list of `alipay_qr`, what a Python adapter and a test may use, and the strategies
for Hypothesis. A name that does not stand here may change in any release. For recipes see
[Test a Python shop with the fixtures](howto/python-fixtures.md), for what an adapter answers
[the adapter protocol](adapter-protocol.md).
"""
PARTS: Final = {
    "The protocol: `alipay_qr`": ("alipay_qr", None),
    "An adapter in Python: `alipay_qr_conformance.subjects`": (
        "alipay_qr_conformance.subjects",
        ("Refused", "Unsupported", "AdapterFault"),
    ),
    "The fixture `alipay_gateway`": ("alipay_qr_conformance.pytest.fixtures", ("GatewayFixture",)),
    "Faults for `alipay_gateway.inject`": ("alipay_qr_conformance.gateway.engine.faults", None),
    "Strategies for Hypothesis: `alipay_qr_conformance.strategies`": (
        "alipay_qr_conformance.strategies",
        None,
    ),
}
"""Headings, with a module and the names to tell; None is its public list, or its functions."""


def text() -> str:
    """Return the whole page."""
    lines = [HEAD]
    for title, (module, names) in PARTS.items():
        lines += [f"## {title}", ""]
        for name in names if names is not None else _public(import_module(module)):
            lines += _entry(module, name)
    return "\n".join(lines).rstrip() + "\n"


def _public(module: Any) -> list[str]:
    if hasattr(module, "__all__"):
        return [name for name in module.__all__ if not name.startswith("_")]
    return [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    ]


def _entry(module: str, name: str) -> Iterator[str]:
    *path, last = name.split(".")
    value = getattr(import_module(".".join([module, *path])), last)
    if not callable(value):
        shown = repr(value) if isinstance(value, str) else type(value).__name__
        yield f"- `{last}`: `{shown}`"
        yield ""
        return
    yield f"### `{last}{_signature(value)}`"
    yield ""
    yield from _docstring(value)
    if inspect.isclass(value):
        for method, of in vars(value).items():
            if method.startswith("_") or not (inspect.isfunction(of) or isinstance(of, property)):
                continue
            first = (inspect.getdoc(of) or "").split("\n\n")[0].replace("\n", " ")
            called = method if isinstance(of, property) else f"{method}{_signature(of)}"
            yield f"- `{called}`: {_plain(first)}"
        yield ""


def _signature(value: Any) -> str:
    if getattr(value, "_is_protocol", False):
        return ""
    try:
        found = inspect.signature(value)
    except (ValueError, TypeError):
        return ""
    kept = [each.replace(annotation=inspect.Parameter.empty) for each in found.parameters.values()]
    shown = str(found.replace(parameters=kept, return_annotation=inspect.Signature.empty))
    return (
        "(...)"
        if " at 0x" in shown or "<" in shown
        else shown.replace("(self, ", "(").replace("(self)", "()")
    )


def _docstring(value: Any) -> Iterator[str]:
    for block in (inspect.getdoc(value) or "").split("\n\n"):
        head, *rest = block.split("\n")
        if head in {"Args:", "Raises:", "Attributes:", "Returns:", "Yields:"} or block.startswith("    "):
            yield f"```text\n{block}\n```"
        else:
            yield _plain(" ".join([head, *rest]))
        yield ""


def _plain(line: str) -> str:
    """Return a line of a docstring as Markdown: double backticks become single ones."""
    code = line.replace("``", "`")
    return "".join(
        each if at % 2 else each.replace("<", "&lt;").replace("*", r"\*") for at, each in _parts(code)
    )


def _parts(line: str) -> Iterator[tuple[int, str]]:
    for at, piece in enumerate(line.split("`")):
        yield at, f"`{piece}`" if at % 2 else piece
