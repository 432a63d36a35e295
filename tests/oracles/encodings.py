"""Charsets again: the tables of iconv(1), UTF-8 by arithmetic, no codec of Python.

Every decision is one short method, a seam: a faulty implementation in tests/faulty overrides one of them.
"""

import subprocess
from functools import cache

NAMES = ("UTF-8", "GBK", "GB2312")
LAST = 0x10FFFF


@cache
def table_of(charset):
    """Every character of a charset but ASCII and its bytes: iconv is shown each on a line of its own."""
    numbers = [number for number in range(0x80, 0x11000) if not 0xD800 <= number < 0xE000]
    lines = b"\n".join(utf8(number) for number in numbers)
    done = subprocess.run(
        ["iconv", "-c", "-f", "UTF-8", "-t", charset],
        input=lines,
        capture_output=True,
        check=False,
        timeout=60,
    )
    written = done.stdout.split(b"\n")
    assert len(written) == len(numbers)
    table = {number: data for number, data in zip(numbers, written, strict=True) if data}
    return {**{number: bytes([number]) for number in range(0x80)}, **table}


@cache
def inverse_of(charset):
    return {data: number for number, data in table_of(charset).items()}


def utf8(number):
    """The bytes of a character, by its number."""
    if number < 0x80:
        return bytes([number])
    if number < 0x800:
        return bytes([0xC0 | number >> 6, 0x80 | number & 63])
    if number < 0x10000:
        return bytes([0xE0 | number >> 12, 0x80 | number >> 6 & 63, 0x80 | number & 63])
    return bytes([0xF0 | number >> 18, 0x80 | number >> 12 & 63, 0x80 | number >> 6 & 63, 0x80 | number & 63])


class LackingError(Exception):
    """A character that the charset lacks: its position."""


class BrokenError(Exception):
    """A byte that begins no character: its position."""


class Encodings:
    """Answers vectors of the kind ``charset``."""

    def charset(self, inputs):
        if "declared" in inputs:
            name = self.meant(inputs["declared"])
            return {"result": "valid", "charset": name} if name else {"result": "invalid", "fault": "unknown"}
        name = inputs["charset"]
        if "hex" in inputs:
            return self.seen(bytes.fromhex(inputs["hex"]), name)
        if "texts" in inputs:
            hexes = [self.written(text, name).hex() for text in inputs["texts"]]
            return {"result": "valid", "hexes": hexes, "same": hexes[0] == hexes[1]}
        try:
            data = self.written(inputs["text"], name)
        except LackingError as error:
            character = f"U+{ord(inputs['text'][error.args[0]]):04X}"
            return {"result": "invalid", "unencodable": {"character": character, "position": error.args[0]}}
        if "read_as" not in inputs:
            return {"result": "valid", "hex": data.hex()}
        return {"hex": data.hex(), **self.seen(data, inputs["read_as"])}

    def seen(self, data, name):
        try:
            return {"result": "valid", "text": self.read(data, name)}
        except BrokenError as error:
            return {"result": "invalid", "undecodable": {"position": error.args[0]}}

    # === the seams ==================================================================================

    def meant(self, declared):
        return next((name for name in NAMES if name.lower() == declared.lower()), "")

    def written(self, text, name):
        return b"".join(self.bytes_of(ord(each), name, place) for place, each in enumerate(text))

    def bytes_of(self, number, name, place):
        found = utf8(number) if name == "UTF-8" else table_of(name).get(number)
        return self.lacking(number, place) if found is None else found

    def lacking(self, number, place):
        raise LackingError(place)

    def read(self, data, name):
        text, place = "", 0
        while place < len(data):
            found = self.next_in_utf8(data, place) if name == "UTF-8" else self.next_in(data, place, name)
            number, length = found or self.broken(data, place)
            text, place = text + (chr(number) if number is not None else ""), place + length
        return text

    def broken(self, data, place):
        raise BrokenError(place)

    def next_in(self, data, place, name):
        for length in (1, 2):
            number = inverse_of(name).get(data[place : place + length])
            if number is not None:
                return number, length
        return None

    def next_in_utf8(self, data, place):
        """The character at a place and its length, or None."""
        first = data[place]
        if first < 0x80:
            return first, 1
        length = next((n for n, low in ((4, 0xF0), (3, 0xE0), (2, 0xC0)) if first >= low), 0)
        rest = data[place + 1 : place + length]
        if not length or first >= 0xF8 or len(rest) < length - 1 or any(byte >> 6 != 2 for byte in rest):
            return None
        number = first & (0x7F >> length)
        for byte in rest:
            number = number << 6 | byte & 63
        return (number, length) if self.exists(number, length) else None

    def exists(self, number, length):
        return len(utf8(number)) == length and number <= LAST and not 0xD800 <= number < 0xE000
