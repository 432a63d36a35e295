"""Keys, partners and ids in documents are those of the seed and of the register."""

import re
from pathlib import Path

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr_conformance.model.requirements import register

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md"))
    if "generated" not in path.parts
)
KEY = re.compile(r"(?<![\w/+=-])(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{32}(?![\w/+=-])")
OTHERS = {"0000000000000000", "2088000000000000"}
"""Partners that are meant to be somebody else."""


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_names_no_other_account(page):
    text = page.read_text("utf-8")
    keys = {each for each in KEY.findall(text) if not re.fullmatch(r"[0-9a-f]{32}", each)}
    assert keys <= {TEST_MD5_KEY}
    assert {*re.findall(r"(?<![\d.])2088\d{12}(?!\d)", text)} <= {TEST_PARTNER, *OTHERS}


def test_the_diagrams_name_requirements_that_are_there():
    text = (ROOT / "docs" / "flows.md").read_text("utf-8")
    assert text.count("```mermaid") == 4
    families = "sign|verify|request|response|notify|money|gateway|policy"
    named = re.findall(rf"\b(?:{families})\.[a-z_-]+(?:\.[a-z_*-]+)*", text)
    assert len(named) > 25
    known = set(register())
    lost = [
        each
        for each in named
        if each not in known and not any(row.startswith(each.rstrip("*")) for row in known)
    ]
    assert lost == []
