"""Moments as recorders write them; minutes that were met before are read from memory."""

import pytest

from alipay_qr_conformance.audit.clock import Clock, milliseconds, written

MOMENTS = [
    ("2026-11-10T12:00:07Z", 7000),
    ("2026-11-10T20:00:07+08:00", 7000),
    ("2026-11-10T12:00:07.123Z", 7123),
    ("2026-11-10T12:00:59.999456Z", 59_999),
    ("10/Nov/2026:20:00:07 +0800", 7000),
    ("10/Nov/2026:20:00:60 +0800", None),
    ("2026-11-10T12:00:0xZ", None),
    ("2026-11-10T12:00:07", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "told"), MOMENTS)
def test_moments_are_the_same_from_the_memory(text, told):
    begin, zoned = written("2026-11-10T12:00:00Z")
    assert zoned
    for other in ("2026-11-10T12:00:31.5Z", "2026-11-10T12:00:31Z", "10/Nov/2026:20:00:31 +0800", text):
        milliseconds(other, Clock())
    assert milliseconds(text, Clock(None, 500)) == (None if told is None else begin + told - 500)
