"""The changes of `make mutants-shop`: what is tried, and that a stopped run goes on."""

import ast
import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))  # tools is no part of the wheel

from tools import mutants_shop
from tools.mutants_shop import SHOPS, changes, sampled, try_all


@pytest.mark.parametrize(
    ("line", "made"),
    [
        pytest.param("return a <= b", ["return (a < b)", "return"], id="bound"),
        pytest.param(
            "return a in b and c", ["return (a in b or c)", "return (a not in b) and c", "return"], id="both"
        ),
        pytest.param("x = not a", ["x = a"], id="not"),
        pytest.param(
            "x = 'ä', a + 1", ["x = 'XXä', a + 1", "x = 'ä', (a - 1)", "x = 'ä', a + 2"], id="values"
        ),
        pytest.param("book(a)", ["pass"], id="call"),
        pytest.param("x = f'{a + 1} of {b}', 1", ["x = f'{a + 1} of {b}', 2"], id="no f-string"),
    ],
)
def test_one_thing_is_changed_at_a_time(line, made):
    source = f'def f(a, b, c):\n    """The words of a docstring are no code."""\n    {line}\n'
    found = [change.made(source).splitlines()[2].strip() for change in changes(source)]
    assert sorted(found) == sorted(made)


@pytest.mark.parametrize("name", SHOPS)
def test_every_changed_shop_is_still_python(name):
    shop = SHOPS[name]
    files = (Path(__file__).parents[2] / shop.folder).parent.glob(
        shop.changed.replace(shop.target, Path(shop.folder).name, 1)
    )
    sources = [path.read_text("utf-8") for path in files]
    assert sum(len(changes(source)) for source in sources) > 300
    for source in sources:
        for change in changes(source)[::25]:
            ast.parse(change.made(source))


class Judge:
    """Finds whatever it is told to; notes what it saw."""

    def __init__(self, shop, home, found):
        self.shop, self.home, self.found, self.saw = shop, home, found, []

    def caught(self):
        self.saw.append({path.name: path.read_text("utf-8") for path in self.home.glob(self.shop.changed)})
        return self.found.pop(0)


def test_a_sample_is_the_same_again_and_what_was_judged_is_not_judged_again(tmp_path, monkeypatch, capsys):
    shop, home = SHOPS["python"], tmp_path / "python"
    quick = Judge(shop, home, ["sign[1]", "", "", "verify[2]"])
    default = Judge(shop, home, ["", "money[3]"])
    monkeypatch.setattr(mutants_shop, "STAGE", tmp_path)
    monkeypatch.setattr(mutants_shop, "judges", lambda *_: iter([quick, default]))
    found = try_all("python", 4, 7, "python3")
    assert list(found.values()) == ["sign[1]", "", "money[3]", "verify[2]"]
    assert len({json.dumps(each) for each in quick.saw}) == 4
    assert default.saw == quick.saw[1:3]
    assert try_all("python", 4, 7, "python3") == found
    assert capsys.readouterr().out.count("caught") == 3
    assert sampled(shop, home, 4, 8) != sampled(shop, home, 4, 7)


@pytest.mark.parametrize(
    ("merchant", "module", "group", "found"),
    [
        ("healthy", "sign", "sign.exclude", ""),
        ("sign-type-signed", "sign", "sign.exclude", "sign."),
        ("reply-with-newline", "notify", "notify.reply.exact", "SHOULD notify.reply.exact["),
    ],
)
def test_a_changed_shop_is_caught_by_the_first_breach(merchant, module, group, found):
    adapter = str(Path(__file__).parents[1] / "faulty" / "over_stdio.py")
    command = [sys.executable, adapter, merchant, f"faulty.merchants.{module}"]
    judge = mutants_shop.Judge(command, "quick", lambda name: not name.startswith(f"{group}["))
    caught = judge.caught()
    assert caught.startswith(found)
    assert bool(caught) == bool(found)
