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


def test_a_sample_is_the_same_again_and_what_was_judged_is_not_judged_again(tmp_path, monkeypatch, capsys):
    asked = []

    def judged(shop, home, python):
        asked.append({path.name: path.read_text("utf-8") for path in home.glob(shop.changed)})
        return len(asked) < 3

    monkeypatch.setattr(mutants_shop, "STAGE", tmp_path)
    monkeypatch.setattr(mutants_shop, "judged", judged)
    lived = try_all("python", 4, 7, "python3")
    assert list(lived.values()) == [True, False, False, False]
    assert len({json.dumps(each) for each in asked}) == 5
    monkeypatch.setattr(mutants_shop, "judged", lambda *_: True)
    assert try_all("python", 4, 7, "python3") == lived
    assert capsys.readouterr().out.count("caught") == 6
    assert sampled(SHOPS["python"], tmp_path / "python", 4, 8) != sampled(
        SHOPS["python"], tmp_path / "python", 4, 7
    )
