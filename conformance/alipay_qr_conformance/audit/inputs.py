"""Files, folders, patterns, archives, standard input -> the inputs of an audit.

A format is told from the first bytes, never from a name: ``json-lines``, ``har`` (a plain JSON array too),
``log``. ``.gz`` is read through; the members of a ``.zip`` are inputs of their own. Standard input is kept
in a file of its own while the audit lasts, because it is looked at twice.
"""

import glob
import gzip
import io
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, cast

from alipay_qr_conformance.audit.clock import Clock
from alipay_qr_conformance.audit.flows import is_flows
from alipay_qr_conformance.reading.har import is_har

HEAD: Final = 64 * 1024
LARGEST_MEMBER: Final = 4 * 1024**3
"""Bytes of one compressed input that are read: what is beyond is told, and not judged."""
MOST_INPUTS: Final = 100_000
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"


class InputsError(ValueError):
    """An input cannot be read; the text names it."""


@dataclass(frozen=True)
class Input:
    """One recording.

    Attributes:
        name: as it is told: the path as given, with the member of an archive behind it.
        path, member: where the bytes are.
        format: ``json-lines``, ``har``, ``log``, or ``empty``.
        packed: ``gzip``, ``zip``, ``zstd``, or empty; then it is one part.
        size: bytes on disk.
        clock: how its moments are corrected.
    """

    name: str
    path: Path
    member: str = ""
    format: str = "log"
    packed: str = ""
    size: int = 0
    clock: Clock = field(default_factory=Clock)


def find_inputs(words: Iterable[str]) -> list[Input]:
    """Return the inputs that words of the command line name, in a stable order.

    Raises:
        InputsError: nothing is there, or it cannot be read.
    """
    found: list[Input] = []
    for word in words:
        found += [each for path in _paths(word) for each in _inputs_of(path)]
        if len(found) > MOST_INPUTS:
            raise InputsError(f"{word}: more than {MOST_INPUTS} inputs")
    return found


def _paths(word: str) -> list[Path]:
    path = Path(word)
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.is_file())
    if path.exists():
        return [path]
    matches = sorted(glob.glob(word, recursive=True)) if glob.has_magic(word) else []  # noqa: PTH207 (a pattern may be absolute)
    if not matches:
        raise InputsError(f"{word}: there is no such file")
    return [Path(each) for each in matches if Path(each).is_file()]


def _inputs_of(path: Path) -> Iterator[Input]:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            magic = file.read(4)
        if magic == _ZIP:
            with zipfile.ZipFile(path) as archive:
                members = [each for each in archive.infolist() if not each.is_dir()]
            for member in members[:MOST_INPUTS]:
                yield _sniffed(
                    Input(f"{path}!{member.filename}", path, member.filename, "", "zip", member.file_size)
                )
            return
        packed = "gzip" if magic[:2] == _GZIP else "zstd" if magic == _ZSTD else ""
        yield _sniffed(Input(str(path), path, "", "", packed, size))
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputsError(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def _sniffed(found: Input) -> Input:
    from dataclasses import replace

    with opened(found) as file:
        head = file.read(HEAD)
    return replace(found, format=format_of(head))


def format_of(head: bytes) -> str:
    """Return the format of a recording that begins with these bytes."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return "empty"
    if is_flows(head):
        return "flows"
    if text[:1] == b"{":
        line, end, _ = text.partition(b"\n")
        try:
            tree = json.loads(line)
        except (ValueError, RecursionError):
            if end and not line.rstrip().endswith((b"{", b",", b"[")) and b'"log"' not in head[:1000]:
                return "json-lines"
            return "har" if is_har(head) else "json-lines"
        return "har" if is_har(head) and isinstance(tree, dict) and "log" in tree else "json-lines"
    return "log"


@contextmanager
def opened(found: Input) -> Iterator[BinaryIO]:
    """Open the decompressed bytes of an input.

    Raises:
        OSError, EOFError, zipfile.BadZipFile: it cannot be read.
    """
    if found.packed == "zip":
        with zipfile.ZipFile(found.path) as archive, archive.open(found.member) as member:
            inner = member.read(4)
            member.seek(0)
            if inner[:2] == _GZIP:
                with gzip.open(member) as unpacked:
                    yield cast("BinaryIO", _Bounded(cast("BinaryIO", unpacked)))
            else:
                yield cast("BinaryIO", _Bounded(cast("BinaryIO", member)))
    elif found.packed == "gzip":
        with gzip.open(found.path) as unpacked:
            yield cast("BinaryIO", _Bounded(cast("BinaryIO", unpacked)))
    elif found.packed == "zstd":
        with found.path.open("rb") as raw, _zstd(raw) as unpacked:
            yield cast("BinaryIO", _Bounded(unpacked))
    else:
        with found.path.open("rb") as file:
            yield file


def _zstd(raw: BinaryIO) -> BinaryIO:
    try:
        import zstandard  # type: ignore[import-not-found, unused-ignore] # the extra zst
    except ImportError:
        raise OSError(
            None, "to read .zst, install the extra zst: pip install 'alipay-qr-conformance[zst]'"
        ) from None
    return cast("BinaryIO", io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(raw)))


class _Bounded:
    """A stream that ends after so many bytes: an archive may unpack to more than any disk holds."""

    def __init__(self, file: BinaryIO, most: int = LARGEST_MEMBER) -> None:
        self._file = file
        self._left = most

    def read(self, size: int) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data

    def readline(self, size: int) -> bytes:
        data = self._file.readline(min(size, self._left))
        self._left -= len(data)
        return data


def keep_stdin(stream: BinaryIO, path: Path) -> Path:
    """Copy standard input into a file, and return it."""
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file, HEAD)
    return path
