"""Behaviour holds still while the code is rearranged: what `record.py` stored is what the kit does.

Here a fixed tenth of the merchants and messages; ``make freeze`` sets ``ALIPAY_QR_FREEZE=full``, for all.
"""

import os

import pytest

from example_shops import RUNTIMES
from freeze import observe, stored
from freeze.loader import everybody

FULL = os.environ.get("ALIPAY_QR_FREEZE") == "full"
MERCHANTS = stored.unfolded(stored.read("merchants"))
MESSAGES = stored.read("explain")
ATTEMPTS = 3
"""On a machine that is busy a merchant now and then waits longer than a case allows: it is asked again."""


def fixed(items):
    """Return all, or every tenth."""
    return list(items) if FULL else list(items)[1::10]


def merchants():
    """Return who is run here; the example shops, each with what its language needs, only where all are."""
    shops = {f"example {language}": pytest.mark.runtime(*needs) for language, needs in RUNTIMES.items()}
    chosen = fixed(sorted(MERCHANTS.keys() - shops))
    return [*chosen, *([pytest.param(name, marks=mark) for name, mark in shops.items()] if FULL else [])]


def test_the_same_merchants_are_there():
    assert MERCHANTS.keys() <= everybody().keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", merchants())
def test_a_merchant_is_told_the_same(name):
    met, told = MERCHANTS[name]
    for _ in range(ATTEMPTS):
        came = observe.verdicts(everybody()[name], frozenset(met))
        if came == (met, told):
            return
    assert came == (met, told)


def test_every_case_is_there():
    assert observe.cases() == stored.read("cases")


def test_the_vectors_are_the_same_bytes():
    assert observe.vectors() == stored.read("vectors")


@pytest.mark.parametrize("at", fixed(range(len(MESSAGES))), ids=lambda at: MESSAGES[at]["message"]["name"])
def test_a_message_is_explained_alike(at, tmp_path):
    assert observe.explained(MESSAGES[at]["message"], tmp_path) == MESSAGES[at]["told"]


@pytest.mark.slow
def test_keys_are_examined_alike(tmp_path):
    assert observe.keys(tmp_path) == stored.read("keys")


@pytest.mark.slow
def test_command_lines_end_alike(tmp_path):
    wanted = stored.command_lines()
    assert observe.exit_codes([words for words, _ in wanted], tmp_path) == wanted
