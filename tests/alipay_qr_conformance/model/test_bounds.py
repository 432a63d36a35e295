"""Every bound: an input at it is taken, one above is refused before a parser sees it."""

import time

import pytest

from alipay_qr_conformance.model.bounds import TOML_BYTES, TOML_DEPTH, TOML_KEY_PARTS
from alipay_qr_conformance.model.files import parse_toml
from alipay_qr_conformance.subjects import Bounds

ROWS = {
    "key": (lambda size: ".".join("a" * size) + " = 1", TOML_KEY_PARTS, "parts"),
    "header": (lambda size: "[" + ".".join("a" * size) + "]", TOML_KEY_PARTS, "parts"),
    "quoted-key": (lambda size: ".".join(['"a.b"'] * size) + " = 1", TOML_KEY_PARTS, "parts"),
    "key-behind-a-text": (
        lambda size: '[a]\nb = {c = """d"""", ' + ".".join("a" * size) + " = 1}",
        TOML_KEY_PARTS,
        "parts",
    ),
    "array": (lambda size: "a = " + "[" * size + "]" * size, TOML_DEPTH, "deeply"),
    "table": (lambda size: "a = " + "{b = " * (size - 1) + "{}" + "}" * (size - 1), TOML_DEPTH, "deeply"),
    "size": (lambda size: "a = 1 #" + "x" * (size - 7), TOML_BYTES, "longer"),
}


@pytest.mark.parametrize(("make", "bound", "complaint"), ROWS.values(), ids=ROWS)
def test_toml_at_a_bound_is_read_and_above_it_refused(make, bound, complaint):
    assert parse_toml(make(bound))
    with pytest.raises(ValueError, match=complaint):
        parse_toml(make(bound + 1))


@pytest.mark.parametrize(
    "text",
    [
        'a = "' + "." * 100 + '"',
        "a = '" + "." * 100 + "'",
        'a = """' + '."' * 100 + '"""',
        "a = '''" + ".'" * 100 + "'''",
        "a = 1 # " + "." * 100,
        "a = [" + "1.5, " * 100 + "]",
        "".join(f"a{number}.b = 1\n" for number in range(100)),
    ],
    ids=["text", "literal", "long-text", "long-literal", "comment", "floats", "many-keys"],
)
def test_dots_that_are_no_key_are_not_counted(text):
    assert parse_toml(text)


@pytest.mark.parametrize("text", [".".join("a" * 50_000) + " = 1", '"""' * 100_000, "'''\"" * 100_000])
def test_a_hostile_toml_is_refused_in_no_time(text):
    began = time.process_time()
    with pytest.raises(ValueError, match=r".+"):
        parse_toml(text)
    assert time.process_time() - began < 1


def test_answers_that_are_awaited_together_share_their_bound():
    bounds = Bounds()
    assert bounds.share(1) == bounds.line
    assert 64 * bounds.share(64) <= bounds.together
    assert bounds.share(10**6) == 64 * 1024
