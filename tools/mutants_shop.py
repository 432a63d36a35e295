"""Mutation testing of whole shops: does `check` alone notice when one thing in a merchant changes?

`make mutants-shop` changes one thing at a time in the reference merchant of the tests and in the Python
example, and judges each changed shop as ``alipay-qr check`` does: at the depth quick, until the first breach
of a MUST, or a level below that of the unchanged shop, or to the end, where a SHOULD alone may be broken;
what lives meets what the depth default has beside it.
Which changes are tried is a random sample. It takes an hour or two, and is no part of the check; what was
judged is kept in ``build/mutants-shop``, so that it goes on where it was stopped. Who reads what lived
decides whether it does any harm.
"""

import argparse
import ast
import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.events import CaseFinished, CulpritFound, RunFinished
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.model.plan import Depth, Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.verdicts import CaseResult, Text
from alipay_qr_conformance.report.summary import RequirementResult, summarise
from alipay_qr_conformance.subjects import AdapterFault, ProcessTransport, Subject
from alipay_qr_conformance.subjects.exceptions import SetupFault

ROOT: Final = Path(__file__).resolve().parents[1]
STAGE: Final = ROOT / "build" / "mutants-shop"
WANTED: Final = 95
"""Per cent of the changes with an effect that are to be caught."""
SHOULD: Final = "SHOULD "
"""Stands before a case that tells of a change where no MUST is broken: a user reads of it all the same."""


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
    "python": Shop("examples/python", "shop", "shop/[glms]*.py", "shop/adapter.py"),
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

    def words(self, file: str, source: str) -> str:
        """Return a line for people: file, line and column, the line of source, what stands there instead."""
        line = source.splitlines()[self.line - 1].strip()
        return f"{file}:{self.line}:{self.start} {line} -> {self.text}"


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


class Judge:
    """`check` over one shop, in this process: until the first breach of a MUST, or to the end.

    Args:
        command: what starts the shop's adapter.
        depth: of the check.
        known: whether a case runs at a shallower depth already; it is left out then.
    """

    def __init__(self, command: Sequence[str], depth: Depth, known: Callable[[str], bool]) -> None:
        self._command = command
        self._plan = Plan(Policy(), depth=depth)
        self._known = known
        self._level = 0

    def caught(self) -> str:
        """Return the first case that breaks a MUST, else what else is seen or breaks a SHOULD; or nothing."""
        runner = Runner(Subject(ProcessTransport(self._command)), self._plan)
        results: list[CaseResult] = []
        faults: tuple[Text, ...] = ()
        try:
            cases = [case for case in runner.cases() if not self._known(case.id)]
            for event in runner.run(cases):
                if isinstance(event, RunFinished):
                    faults = event.faults
                elif isinstance(event, CaseFinished | CulpritFound):
                    results.append(event.result)
                    if _breaks(event.result):
                        return _name(event.result)
        except (AdapterFault, SetupFault) as error:
            return f"the check does not begin: {error}"[:200]
        finally:
            runner.close()
        seen = self._less(summarise(results, 4).level)
        seen = seen or "; ".join(f"the kit's fault: {each.en}" for each in faults)
        return seen or next((f"{SHOULD}{_name(each)}" for each in results if each.finding is not None), "")

    def _less(self, level: int) -> str:
        """Return words for a level below that of the first shop judged, which is the unchanged one."""
        self._level = max(self._level, level)
        return f"only level {level}" if level < self._level else ""


def _name(result: CaseResult) -> str:
    return f"{result.requirement}[{result.case}]"


def _breaks(result: CaseResult) -> bool:
    row = RequirementResult(register()[result.requirement], (result,))
    return result.finding is not None and row.keeps_from_level


def judges(shop: Shop, home: Path, python: str) -> Iterator[Judge]:
    """Yield what judges a changed shop: the depth quick, and for those that live what default has beside it.

    Raises:
        SystemExit: the unchanged shop does not pass.
    """
    # No byte code is kept: its age is told in seconds, and two changes of one file may lie closer together.
    command = [python, "-B", str(home / shop.adapter), *shop.args]
    quick = {case.id for case in all_cases(Plan(Policy(), depth="quick"))}
    for judge in (
        Judge(command, "quick", lambda _: False),
        Judge(command, "default", lambda name: name in quick and "any-" not in name),
    ):
        if why := judge.caught():
            raise SystemExit(f"the unchanged shop is caught: {why}; --python names who has its libraries")
        yield judge


def try_all(name: str, count: int, seed: int, python: str) -> dict[str, str]:
    """Try a sample of changes of a shop; return, by change in words, what caught it; empty: nothing."""
    shop, home, kept = SHOPS[name], STAGE / name, STAGE / f"{name}.json"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(ROOT / shop.folder, home / shop.target, ignore=shutil.ignore_patterns("__pycache__"))
    known: dict[str, list[str]] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    tried: list[str] = []
    for place, judge in enumerate(judges(shop, home, python)):
        for file, change in sampled(shop, home, count, seed):
            path = home / file
            source = path.read_text("utf-8")
            words = change.words(file, source)
            found = known.setdefault(words, [])
            if len(found) == place and not any(found):
                path.write_text(change.made(source), "utf-8")
                try:
                    found.append(judge.caught())
                finally:
                    path.write_text(source, "utf-8")
                kept.write_text(json.dumps(known, indent=1), "utf-8")
                print(f"{'caught' if found[-1] else 'lived '} {words}    {found[-1]}", flush=True)
            tried.append(words)
    return {words: "".join(known[words]) for words in tried}


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
        found = try_all(name, told.sample, told.seed, told.python)
        caught = sum(map(bool, found.values()))
        shares.append(100 * caught / max(len(found), 1))
        mild = sum(each.startswith(SHOULD) for each in found.values())
        print(
            f"{name}: {caught} of {len(found)} caught, {shares[-1]:.1f} %, {mild} of them by a SHOULD alone "
            f"(sample of seed {told.seed})"
        )
    return 0 if min(shares) >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
