"""Texts of JSON and of files -> bytes, without loss and without an exception."""


def to_bytes(text: str) -> bytes:
    """Return UTF-8; bytes that were kept as escapes come back, half a surrogate pair becomes ``?``."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
