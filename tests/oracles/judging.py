"""Comparing what somebody answers to a vector with what stands in it."""

import pytest

from alipay_qr_conformance.vectors import load


def each_judged(name):
    """Parametrise a test with the vectors of a set that have one right answer."""
    vectors = [vector for vector in load(name) if vector.result != "acceptable"]
    return pytest.mark.parametrize("vector", vectors, ids=[vector.id for vector in vectors])


def expected(vector):
    """The right answer to a vector."""
    return {"result": vector.result, **vector.steps}
