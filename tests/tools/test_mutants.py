"""The page of `make mutants`: what was killed, what lived, and why."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))  # tools is no part of the wheel

from tools.mutants import MODULES, ROOT, TESTS, Mutant, page, reason


def test_every_module_and_test_that_is_named_exists():
    assert all(list((ROOT / "reference_impl" / "alipay_qr").glob(f"{name}.py")) for name in MODULES)
    assert all((ROOT / "tests" / "alipay_qr" / f"test_{name}.py").exists() for name in TESTS)


@pytest.mark.parametrize(
    ("line", "known"),
    [
        pytest.param('return text.decode("ASCII")', True, id="codec-in-capitals"),
        pytest.param('return text.decode("XXasciiXX")', False, id="no-codec"),
        pytest.param('def presign(params: Params, charset: str = "utf-8") -> bytes:', True, id="charset"),
        pytest.param('def presign(params: Params, charset: str = "XXUTF-8XX") -> bytes:', False, id="none"),
        pytest.param("return self._tree.end(None)", True, id="tag-that-nobody-reads"),
        pytest.param("if len(data) >= MAX_BYTES:", False, id="bound"),
        pytest.param('return (element.text or "XXXX").strip(_BLANKS)', False, id="text-from-nowhere"),
        pytest.param("zip(names, values, strict=None)", False, id="zip-that-was-strict"),
    ],
)
def test_only_what_nobody_can_notice_has_a_reason(line, known):
    assert bool(reason(line)) is known


def test_the_page_counts_what_lived_and_shows_it():
    names = ["money.x_exponent__mutmut_1", "money.x_exponent__mutmut_2", "signing.xǁMd5ǁsign__mutmut_6"]
    mutants = [Mutant(f"alipay_qr.{name}", "survived") for name in names]
    mutants.append(Mutant("alipay_qr.money.x_exponent__mutmut_3", "killed"))
    lines = {
        mutants[0].name: "a | b",
        mutants[1].name: 'text.encode("ASCII")',
        mutants[2].name: "usedforsecurity=True",
    }
    text = page(mutants, lines)
    assert "| 4 changes | 1 killed | 2 without effect |" in text
    assert text.endswith("A test could notice these:\n\n- money.exponent: `a | b`\n")
