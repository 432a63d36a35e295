"""A few rows hold every pair of values, and every triple with one factor."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from alipay_qr_conformance.checks.properties.covering import pairs, triples_with

SPACES = st.lists(st.integers(1, 5), min_size=2, max_size=5).map(
    lambda sizes: {f"f{place}": [f"v{value}" for value in range(size)] for place, size in enumerate(sizes)}
)


def held(rows, names):
    return {tuple(row[name] for name in names) for row in rows}


@given(SPACES)
def test_every_pair_stands_in_a_row(space):
    rows = pairs(space)
    for names in combinations(space, 2):
        assert held(rows, names) == set(product(*(space[name] for name in names)))


@given(SPACES.filter(lambda space: len(space) > 2))
def test_every_triple_with_a_factor_stands_in_a_row(space):
    rows = triples_with("f0", space)
    for names in combinations([name for name in space if name != "f0"], 2):
        wanted = ("f0", *names)
        assert held(rows, wanted) == set(product(*(space[name] for name in wanted)))


def test_pairs_are_few():
    space = {f"f{place}": [str(value) for value in range(10)] for place in range(6)}
    assert len(pairs(space)) < 180 < 10**6


def test_the_same_space_gives_the_same_rows():
    space = {"a": "xyz", "b": "12", "c": "uvw"}
    assert pairs(space) == pairs(dict(space))
