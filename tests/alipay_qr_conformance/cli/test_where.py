"""``rules --where``: each file that it names is there and holds the rule; none is forgotten."""

import json
from pathlib import Path

import pytest

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.where import places
from alipay_qr_conformance.model.requirements import register
from faulty.gateways import GATEWAYS
from faulty.run import merchants

ROOT = Path(__file__).resolve().parents[3]
IN_REPOSITORY = Path(cli.__file__).is_relative_to(ROOT / "conformance")


def breaking(requirement):
    kinds = [*merchants().values(), *GATEWAYS.values()]
    return {kind.__name__ for kind in kinds if requirement in kind.breaks}


@pytest.mark.parametrize("row", register().values(), ids=register())
def test_a_rule_has_a_text_a_check_and_those_who_break_it(row):
    found = places(row)
    assert [each.path for each in found if not (ROOT / each.path).is_file()] == []
    assert any(each.kind == "check" for each in found) is (row.excluded is None)
    if row.derived is False:
        (text,) = [each.path for each in found if each.kind == "text"]
        assert f'id = "{row.id}"' in (ROOT / text).read_text("utf-8")
    if IN_REPOSITORY:
        named = {name for each in found if each.kind == "faulty" for name in each.what.split(", ")}
        assert named == breaking(row.id)


def test_the_command_prints_places_for_one_rule_and_for_all_that_match(capsys):
    assert cli.main(["rules", "sign.order", "--where"]) == 0
    assert "checks/vectors.py" in capsys.readouterr().out
    assert cli.main(["rules", "-k", "notify.once", "--where", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"notify.once.acknowledged", "notify.once.fulfilled"}


@pytest.mark.parametrize("word", ["list", "show"])
def test_an_old_word_names_the_new_one(word, capsys):
    assert cli.main([word, "sign.order"]) == cli.USAGE
    assert "alipay-qr rules" in capsys.readouterr().err
