"""Who is right about the bytes of URLs, forms and XML; the faulty ones stand in modules of their own."""

from oracles.wires import Wire
from zoo.answerers import Answerer


class Bytes(Wire, Answerer):
    """Right about the wire."""
