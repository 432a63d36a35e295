"""Blocks of whole lines, whatever the size of what is read at once and wherever a range begins."""

import io
import random

from alipay_qr_conformance.audit import blocks


def test_every_line_that_begins_in_a_range_is_read_once(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 16)
    monkeypatch.setattr(blocks, "LONGEST_LINE", 60)
    rng = random.Random(1)  # noqa: S311 (no secret)
    for _ in range(500):
        data = "".join(
            rng.choice(["\n", "a", "bc", "d" * 9, "e" * 50]) for _ in range(rng.randrange(20))
        ).encode()
        start = rng.randrange(len(data) + 1)
        end = rng.choice([None, rng.randrange(start, len(data) + 2)])
        begins = {0, *(at + 1 for at, byte in enumerate(data) if byte == ord("\n"))} - {len(data)}
        found = []
        for block in blocks.blocks(io.BytesIO(data), start, end):
            assert block.first == len(found)
            offset = block.offset
            for line in block.lines:
                found.append(offset)
                rest = data[offset:]
                assert (
                    rest.startswith(line)
                    if block.too_long
                    else f"{rest.decode()}\n".encode().startswith(line)
                )
                assert block.too_long or line.index(b"\n") == len(line) - 1
                offset += len(line)
        assert found == sorted(at for at in begins if start <= at and (end is None or at < end))
