"""Who is right about the bytes of URLs, forms and XML; the faulty ones stand in modules of their own."""

from oracles.wires import Wire
from faulty.answerers.registry import Implementation


class Bytes(Wire, Implementation):
    """Right about the wire."""
