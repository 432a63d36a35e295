"""The repair loop in small: what can be undone is undone, and the kit's first words lead there.

The whole loop (three languages, two tongues, ten seeds) is `make repair`.
"""

import pytest

from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.texts import mistake_texts
from repair.loop import COMMANDS, FAULTS, TONGUES, WrongAdviceError, facts, main, repair, shop


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
    words = {"en": "verdict: fails\nfix: request.create.biz_type\n", "zh": "verdict: fails\nfix: sign.join\n"}
    monkeypatch.setattr("repair.loop.check", lambda *_, **__: words)
    with pytest.raises(WrongAdviceError, match=r"request\.create\.biz_type / sign\.join cures none"):
        repair("python", ["biz-type"])


def test_what_went_well_is_not_run_again(tmp_path, monkeypatch, capsys):
    asked = []

    def outcome(language, faults, langs):
        asked.append((language, len(faults), langs))
        return {"seconds": 1} | ({"wrong": "why"} if len(asked) == 2 else {"runs": 1 + len(faults)})

    monkeypatch.setattr("repair.loop.outcome_of", outcome)
    words = ["loop.py", "--language", "php", "--seed", "0", "--seed", "1", "--log", str(tmp_path / "log")]
    monkeypatch.setattr("sys.argv", words)
    assert [main(), main()] == [1, 0]
    assert asked == [("php", 20, TONGUES), ("php", 6, TONGUES), ("php", 6, TONGUES)]
    assert "php zh seed 0            20 faults      1 s  level 4 after 21 runs" in capsys.readouterr().out


def test_only_the_first_word_of_a_name_counts():
    assert facts("verdict: fails\nfix: a\nfix: b\n  fix: c\n") == {"verdict": "fails", "fix": "a"}
