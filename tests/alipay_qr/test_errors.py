"""Errors: whose fault, which code, how to mend; and they survive a journey between processes."""

import copy
import pickle

import pytest

from alipay_qr import errors

KINDS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, errors.AlipayQrError)
]
FAULTS = {"WireError": "sender", "Unverified": "sender", "OutcomeUnknown": "network"}
EVERY = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@EVERY
def test_says_what_and_how_to_mend(kind):
    error = kind("it broke", code="thing.broken", hint="mend it")
    assert str(error) == "it broke (mend it)"
    assert (error.code, error.hint) == ("thing.broken", "mend it")
    assert str(kind("it broke", code="thing.broken")) == "it broke"


@EVERY
def test_says_whose_fault(kind):
    assert kind.fault == FAULTS.get(kind.__name__, "caller")


def through_pickle(error):
    return pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)


@EVERY
@pytest.mark.parametrize("travel", [copy.copy, through_pickle], ids=["copy", "pickle"])
def test_survives_a_journey(kind, travel):
    error = travel(kind("it broke", code="thing.broken", hint="mend it"))
    assert type(error) is kind
    assert (str(error), error.code) == ("it broke (mend it)", "thing.broken")


def test_a_code_is_compulsory():
    with pytest.raises(TypeError, match="code"):
        errors.WireError("it broke")


def test_the_map_names_every_error():
    for kind in KINDS[1:]:
        assert kind.__name__ in errors.__doc__
