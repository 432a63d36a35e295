"""No regular expression of the product takes more than linear time, whatever it is given."""

import ast
import math
import pkgutil
import re
import re._constants as sre
import re._parser as parser
import time
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

import alipay_qr
import alipay_qr_conformance
from alipay_qr_conformance.doctor.mistakes.escapes import _without_tags
from alipay_qr_conformance.reading.pairs import _unframed
from alipay_qr_conformance.reading.patterns import Later

SEARCHING = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
METHODS = {*SEARCHING, "match", "fullmatch"}
SOME = 400
ENDS = ("", "\0", "\n")
CLASSES = {
    sre.CATEGORY_DIGIT: "0",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_NOT_WORD: " ",
}
TRIES = 7
"""A busy machine spoils a few."""

STANDS = 4
"""A complaint counts when it is made so many times: a busy machine makes one now and then."""

MOST = 24
"""Attacks on one pattern: a long list of names has as many, all alike."""


def modules():
    for package in (alipay_qr, alipay_qr_conformance):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            name = found.name
            if not name.endswith("__main__") and ".pytest" not in name:
                yield import_module(name)


def compiled(value):
    """Return the pattern of what is one, or makes one when it is first used."""
    return value.make() if isinstance(value, Later) else value


def patterns():
    """Yield an id, the pattern, and whether it is searched for, not only matched at the start."""
    sources = {each.__name__: Path(each.__file__).read_text("utf-8") for each in modules()}
    whole = "\n".join(sources.values())
    for module in modules():
        short = module.__name__.partition(".")[2]
        for name, value in ((name, compiled(value)) for name, value in vars(module).items()):
            if isinstance(value, re.Pattern) and re.search(rf"(?m)^{name}\b.*=", sources[module.__name__]):
                text = sources[module.__name__] if name.startswith("_") else whole
                used = set(re.findall(rf"\b{name}\.(\w+)", text)) & METHODS
                yield f"{short}.{name}", value, not used or bool(used & SEARCHING)
        for node in ast.walk(ast.parse(sources[module.__name__])):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).startswith("re.")
                and node.func.attr in METHODS
                and isinstance(node.args[0], ast.Constant)
            ):
                searched = node.func.attr in SEARCHING
                yield f"{short}:{node.lineno}", re.compile(node.args[0].value), searched


def sample(tree, most=1):
    """Return a text that a parsed pattern matches, more or less."""
    return "".join(one(op, argument, most) for op, argument in tree)


def one(op, argument, most):
    if op in {sre.LITERAL, sre.NOT_LITERAL}:
        return chr(argument) if op is sre.LITERAL else chr(argument ^ 1)
    if op is sre.ANY:
        return "a"
    if op is sre.IN:
        return member(argument)
    if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
        least, _, body = argument
        return sample(body) * max(least, min(most, argument[1]))
    if op is sre.SUBPATTERN:
        return sample(argument[3], most)
    if op is sre.BRANCH:
        return sample(argument[1][0], most)
    if op is sre.ATOMIC_GROUP:
        return sample(argument, most)
    return ""


def member(argument):
    """Return a character of a class."""
    probe = re.compile(str_class(argument))
    return next((each for each in "a0 -\t\"'&=<>\\/.%\u4e2d\ud800" if probe.match(each)), "~")


def str_class(argument):
    parts = []
    for op, value in argument:
        if op is sre.NEGATE:
            parts.append("^")
        elif op is sre.LITERAL:
            parts.append(f"\\U{value:08x}")
        elif op is sre.RANGE:
            parts.append(f"\\U{value[0]:08x}-\\U{value[1]:08x}")
        elif op is sre.CATEGORY:
            small = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[str(value).rsplit("_", maxsplit=1)[-1]]
            parts.append("\\" + (small.upper() if "NOT" in str(value) else small))
    return "[" + "".join(parts) + "]"


def attacks(tree, before=""):
    """Yield what stands before a repeated part, and the part."""
    seen = before
    for op, argument in tree:
        if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            yield seen, sample(argument[2]) or "a"
            yield from attacks(argument[2], seen)
        elif op is sre.SUBPATTERN:
            yield from attacks(argument[3], seen)
        elif op is sre.BRANCH:
            for each in argument[1]:
                yield from attacks(each, seen)
        elif op is sre.ATOMIC_GROUP:
            yield from attacks(argument, seen)
        seen += one(op, argument, 1)
    if seen:
        yield "", seen


def texts(pattern):
    """Return how to make hostile texts of any length."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(source, pattern.flags & ~re.UNICODE)
    seen = {(before, part) for before, part in attacks(tree) if part}
    seen |= {("", before) for before, _ in seen if before}
    return sorted(seen)[:: 1 + len(seen) // MOST]


def seconds(act, text, enough=0.0):
    """Return the least processor time of some tries; one of at most ``enough`` is enough."""
    least = math.inf
    for _ in range(TRIES):
        began = time.thread_time()
        act(text)
        least = min(least, time.thread_time() - began)
        if least <= enough:
            break
    return least


def growth(act, make):
    """Return a complaint where the time grows faster than the text."""
    for count in (8, 12, 18, 27, 40, 60, 100):
        if seconds(act, make(count), 0.03) > 0.03:
            return f"{count} repeats"
    small, large = make(SOME), make(4 * SOME)
    if (once := seconds(act, large, 0.002)) <= 0.002:
        return None
    quarter = seconds(act, small)
    if once < 9 * quarter + 0.002:
        return None
    return f"{quarter:.4f} s, and {once:.4f} s for a text of four times the length"


def expect_linear(act, make, shown):
    """Fail where a complaint about the growth stands."""
    complaints = [growth(act, make)]
    while complaints[-1] and len(complaints) < STANDS:
        complaints.append(growth(act, make))
    assert not complaints[-1], (shown, complaints)


def hostile(pattern, before, part, end, count):
    text = before + part * count + end
    return text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


ALL = {name: (pattern, searched) for name, pattern, searched in patterns()}


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_time_grows_no_faster_than_the_text(name):
    pattern, searched = ALL[name]
    act = partial(pattern.sub, b"" if isinstance(pattern.pattern, bytes) else "")
    if not searched:
        act = pattern.fullmatch
    for before, part in texts(pattern):
        for end in ENDS:
            expect_linear(act, partial(hostile, pattern, before, part, end), (before, part, end))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("act", "part"),
    [(_unframed, "]"), (_unframed, " }"), (_without_tags, "<"), (_without_tags, "<a>")],
    ids=["brackets", "blanks", "open-tags", "tags"],
)
def test_time_of_a_loop_grows_no_faster_than_the_text(act, part):
    expect_linear(act, lambda count: part * (16 * count), part)


def test_there_are_patterns_to_try():
    assert len(ALL) > 200
