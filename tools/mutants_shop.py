"""Mutation testing of whole shops: does `check` alone notice when one thing in a merchant changes?

`make mutants-shop` changes one thing at a time in the reference merchant of the tests and in the Python
example, and lets ``alipay-qr check --depth quick`` judge each changed shop. Which changes are tried is a
random sample, which is printed. It takes hours, and is no part of the check; what was judged is kept in
``build/mutants-shop``, so that it goes on where it was stopped. Who reads what lived decides whether it does
any harm.
"""

import argparse
import ast
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
STAGE: Final = ROOT / "build" / "mutants-shop"
WANTED: Final = 95
"""Per cent of the changes with an effect that are to be caught."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant: its folders, where they are copied to, the files that are changed, and the adapter."""

    folder: str
    target: str
    changed: str
    adapter: str
    args: tuple[str, ...] = ()


SHOPS: Final = {
    "reference": Shop(
        "tests/faulty", "faulty", "faulty/reference/*.py", "faulty/over_stdio.py", ("healthy",)
    ),
    "python": Shop("examples/python", "shop", "shop/[!t]*.py", "shop/adapter.py"),
}

_SWAPS: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the place of a piece of source on one line, and what stands there instead."""

    line: int
    start: int
    end: int
    text: str

    def made(self, source: str) -> str:
        """Return the source with the change; places are counted in bytes, as Python's parser does."""
        lines = source.splitlines(keepends=True)
        raw = lines[self.line - 1].encode()
        lines[self.line - 1] = (raw[: self.start] + self.text.encode() + raw[self.end :]).decode()
        return "".join(lines)


def changes(source: str) -> list[Change]:
    """Return every change that is tried, in the order of the source: those within functions, on one line."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            docstring = function.body[0] if ast.get_docstring(function) else None
            found += [change for each in function.body if each is not docstring for change in _within(each)]
    return sorted(set(found), key=lambda each: (each.line, each.start, each.text))


def _within(statement: ast.stmt) -> Iterator[Change]:
    for node in _walk(statement):
        for other in _others(node):
            if isinstance(node, ast.expr | ast.stmt) and node.lineno == node.end_lineno:
                written = ast.unparse(other)
                text = f"({written})" if isinstance(node, ast.BoolOp | ast.Compare | ast.BinOp) else written
                yield Change(node.lineno, node.col_offset, node.end_col_offset or 0, text)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and what is in it, but for f-strings: Python 3.11 does not say where their parts stand."""
    yield node
    for each in ast.iter_child_nodes(node):
        if not isinstance(each, ast.JoinedStr):
            yield from _walk(each)


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand instead of a node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _SWAPS:
            yield _with(node, "ops", [_SWAPS[type(op)]()])
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in _SWAPS:
            yield _with(node, "op", _SWAPS[type(op)]())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str(value)):
            yield ast.Constant(f"XX{value}")
        case ast.Return(value=ast.expr()):
            yield ast.Return(None)
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()


def _with(node: ast.AST, name: str, value: object) -> ast.AST:
    other = deepcopy(node)
    setattr(other, name, value)
    return other


def sampled(shop: Shop, home: Path, count: int, seed: int) -> list[tuple[str, Change]]:
    """Return a random sample of file and change; the same for the same sources and seed."""
    every = [
        (str(path.relative_to(home)), change)
        for path in sorted(home.glob(shop.changed))
        for change in changes(path.read_text("utf-8"))
    ]
    return sorted(
        random.Random(seed).sample(every, min(count, len(every))),  # noqa: S311 (the same sample again)
        key=lambda each: (each[0], each[1].line, each[1].start, each[1].text),
    )


def judged(shop: Shop, home: Path, python: str) -> bool:
    """Return whether `check` finds no fault in the shop as it stands in ``home``."""
    command = ["alipay-qr", "check", "--depth", "quick", "--", python, str(home / shop.adapter), *shop.args]
    program = str(Path(sys.executable).with_name(command[0]))
    try:
        ran = subprocess.run([program, *command[1:]], check=False, capture_output=True, timeout=900)
    except subprocess.TimeoutExpired:
        return False
    return ran.returncode == 0


def try_all(name: str, count: int, seed: int, python: str) -> dict[str, bool]:
    """Try a sample of changes of a shop; return, by change in words, whether it lived."""
    shop, home, kept = SHOPS[name], STAGE / name, STAGE / f"{name}.json"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(ROOT / shop.folder, home / shop.target, ignore=shutil.ignore_patterns("__pycache__"))
    known: dict[str, bool] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    lived: dict[str, bool] = {}
    if not judged(shop, home, python):
        raise SystemExit(
            f"{name}: the shop itself does not pass; --python names an interpreter that has its libraries"
        )
    for file, change in sampled(shop, home, count, seed):
        path = home / file
        source = path.read_text("utf-8")
        line = source.splitlines()[change.line - 1].strip()
        words = f"{file}:{change.line}:{change.start} {line} -> {change.text}"
        if words not in known:
            path.write_text(change.made(source), "utf-8")
            try:
                known[words] = judged(shop, home, python)
            finally:
                path.write_text(source, "utf-8")
            kept.write_text(json.dumps(known, indent=1), "utf-8")
        lived[words] = known[words]
        print(f"{'lived ' if lived[words] else 'caught'} {words}", flush=True)
    return lived


def main() -> int:
    """Try the changes of the shops that are named, and print what was caught; 0 where enough was, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shops", nargs="*", default=list(SHOPS), help="of: " + ", ".join(SHOPS))
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--python", default=sys.executable, help="the interpreter that runs the shops")
    told = parser.parse_args()
    shares = []
    for name in told.shops:
        lived = try_all(name, told.sample, told.seed, told.python)
        caught = len(lived) - sum(lived.values())
        shares.append(100 * caught / max(len(lived), 1))
        print(f"{name}: {caught} of {len(lived)} caught, {shares[-1]:.1f} % (sample of seed {told.seed})")
    return 0 if min(shares) >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
