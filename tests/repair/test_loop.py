"""The repair loop in small: what can be undone is undone, and the kit's first words lead there.

The whole loop (three languages, two tongues, ten seeds) is `make repair`.
"""

import pytest

from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.texts import mistake_texts
from repair.loop import COMMANDS, FAULTS, WrongAdviceError, facts, repair, shop


@pytest.mark.parametrize("language", list(COMMANDS))
def test_all_faults_fit_into_the_shop_together(tmp_path, language):
    shop(tmp_path, language, list(FAULTS))
    for name, fault in FAULTS.items():
        file, _, wrong = fault[language]
        assert wrong in (tmp_path / file).read_text("utf-8"), name


def test_every_fix_is_an_id_of_the_kit():
    assert len(FAULTS) == 20
    known = {*register(), *mistake_texts()}
    assert {each for fault in FAULTS.values() for each in fault["fixes"]} <= known


@pytest.mark.slow  # each loop is three runs of a level, through a process
@pytest.mark.parametrize(
    ("faults", "words"),
    [
        (["unsorted", "capital-hex"], ["--level", "1", "-k", "sign.order or sign.md5"]),
        (["biz-type", "seconds"], ["--level", "2", "-k", "request.create.biz_type or request.cancel"]),
    ],
    ids=["signing", "requests"],
)
def test_a_repairer_that_knows_only_the_words_of_the_kit_mends_everything(faults, words):
    assert repair("python", faults, words=words) == 3


def test_a_cure_of_nothing_is_noticed(monkeypatch):
    monkeypatch.setattr("repair.loop.check", lambda *_, **__: "verdict: fails\nfix: sign.join\n")
    with pytest.raises(WrongAdviceError, match=r"sign\.join cures none"):
        repair("python", ["biz-type"])


def test_only_the_first_word_of_a_name_counts():
    assert facts("verdict: fails\nfix: a\nfix: b\n  fix: c\n") == {"verdict": "fails", "fix": "a"}
