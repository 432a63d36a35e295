"""``charset``: which bytes is this text, which text are these bytes, and are these two the same to a sign?

Beside ``charset`` stands one of

    text               its bytes
    text and read_as   what is seen by whoever reads these bytes in another charset
    hex                the text of these bytes
    texts              are the bytes of these two the same?

or, without ``charset``, ``declared``: a value of ``_input_charset``.
"""

from collections.abc import Mapping
from typing import Any, Final

from alipay_qr.errors import Unencodable, UnknownCharset
from alipay_qr.presign import CHARSETS, codec, encode

Answer = dict[str, Any]

_NAMES: Final = {python: name for name, python in CHARSETS.items()}


def charset(inputs: Mapping[str, Any]) -> Answer:
    """Answer a vector of the kind ``charset``; positions count characters of a text, or bytes."""
    if "declared" in inputs:
        return _declared(inputs["declared"])
    name = inputs["charset"]
    if "hex" in inputs:
        return _read(bytes.fromhex(inputs["hex"]), name)
    if "texts" in inputs:
        hexes = [encode(text, name).hex() for text in inputs["texts"]]
        return {"result": "valid", "hexes": hexes, "same": len(set(hexes)) == 1}
    try:
        data = encode(inputs["text"], name)
    except Unencodable:
        return {"result": "invalid", "unencodable": unencodable(inputs["text"], name)}
    read = _read(data, inputs["read_as"]) if "read_as" in inputs else {"result": "valid"}
    return {"hex": data.hex(), **read}


def unencodable(text: str, name: str) -> Answer:
    """Say which character of a text is the first that a charset lacks; there must be one."""
    for position, character in enumerate(text):
        try:
            character.encode(codec(name))
        except UnicodeEncodeError:
            return {"character": f"U+{ord(character):04X}", "position": position}
    raise ValueError("every character can be encoded")


def _read(data: bytes, name: str) -> Answer:
    try:
        return {"result": "valid", "text": data.decode(codec(name))}
    except UnicodeDecodeError as error:
        return {"result": "invalid", "undecodable": {"position": error.start}}


def _declared(value: str) -> Answer:
    try:
        return {"result": "valid", "charset": _NAMES[codec(value)]}
    except UnknownCharset:
        return {"result": "invalid", "fault": "unknown"}
