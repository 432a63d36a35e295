"""Cube roots with a beginning and an end that somebody chose: by bisection, and modulo a power of 2."""

from collections.abc import Callable, Iterator
from typing import Final

_GARBAGE: Final = b"\x2a"


def cube_root(
    size: int, front: bytes, behind: bytes = b"", wanted: Callable[[bytes], bool] | None = None
) -> int:
    """Return a number whose cube, in ``size`` bytes, begins and ends so; what lies between is ``wanted``.

    Raises:
        ValueError: there is none; beginning and end together may take up a third of the bits.
    """
    low_bits = 8 * len(behind)
    low = _root_behind(int.from_bytes(behind, "big"), low_bits) if behind else 0
    first = _root_in_front(int.from_bytes(front.ljust(size, _GARBAGE), "big")) if front else 0
    for root in _ending(first, low, low_bits):
        cube = (root**3).to_bytes(size, "big")
        if not (cube.startswith(front) and cube.endswith(behind)):
            break
        if wanted is None or wanted(cube[len(front) : size - len(behind)]):
            return root
    raise ValueError("no cube begins and ends so")


def _ending(first: int, low: int, low_bits: int) -> Iterator[int]:
    """Yield numbers from ``first`` on whose last bits are ``low``."""
    step = 1 << low_bits
    root = first // step * step + low
    root += step if root < first else 0
    for _ in range(10_000):
        yield root
        root += step


def _root_behind(number: int, bits: int) -> int:
    """Return the cube root of an odd number modulo 2 ** bits: the power that undoes cubing there."""
    return pow(number, pow(3, -1, 1 << (bits - 2)), 1 << bits)


def _root_in_front(number: int) -> int:
    """Return the least number whose cube is at least ``number``."""
    low, high = 0, 1 << (number.bit_length() // 3 + 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**3 < number else (low, middle)
    return low
