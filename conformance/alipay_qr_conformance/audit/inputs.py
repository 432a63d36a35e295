"""Files, folders, patterns, archives, standard input -> the inputs of an audit.

A format is told from the first bytes, never from a name: ``json-lines``, ``har`` (a plain JSON array too),
``log``. ``.gz`` is read through; the members of a ``.zip`` are inputs of their own. Standard input is kept
in a file of its own while the audit lasts, because it is looked at twice.
"""

import errno
import glob
import gzip
import io
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final, cast

from alipay_qr_conformance.audit.clock import Clock
from alipay_qr_conformance.audit.flows import is_flows
from alipay_qr_conformance.reading.har import is_har

HEAD: Final = 64 * 1024
LARGEST_MEMBER: Final = 4 * 1024**3
"""Bytes of one compressed input that are read: what is beyond is told, and not judged."""
LARGEST_RATIO: Final = 100
"""So many times its own size may the members of an archive hold together, beyond `LARGEST_MEMBER`."""
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
    if path.is_file():
        return [path]
    if path.exists():  # whoever opens a pipe waits for a writer, and a device may never end
        raise InputsError(f"{word}: no file; pipe what it gives into `audit -`")
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
            yield from map(_sniffed, _members(path, size))
            return
        packed = "gzip" if magic[:2] == _GZIP else "zstd" if magic == _ZSTD else ""
        yield _sniffed(Input(str(path), path, "", "", packed, size))
    except OSError as error:
        raise InputsError(f"{path}: {error.strerror or error}") from None


def _members(path: Path, size: int) -> list[Input]:
    members = [each for each in _archive(path).infolist() if not each.is_dir()]
    if len(members) > MOST_INPUTS:
        raise InputsError(f"{path}: more than {MOST_INPUTS} inputs")
    if sum(each.file_size for each in members) > LARGEST_MEMBER + LARGEST_RATIO * size:
        raise InputsError(f"{path}: it unpacks to too much; unpack it, and give what is in it")
    return [
        Input(f"{path}!{each.filename}", path, each.filename, "", "zip", each.file_size) for each in members
    ]


@lru_cache(maxsize=1)
def _archive(path: Path) -> zipfile.ZipFile:
    """Return an archive, its list of members read once: each member is opened several times.

    Raises:
        OSError: it is none.
    """
    with _damage():
        return zipfile.ZipFile(path)


def close_archive() -> None:
    """Let go of the archive that was read last: where files in use cannot be deleted, its folder stays."""
    _archive.cache_clear()


@contextmanager
def _damage() -> Iterator[None]:
    """Say of damaged data what each unpacker says by an error of its own kind.

    Raises:
        OSError: in place of whatever was raised.
    """
    try:
        yield
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 (of zlib, lzma, zipfile, zstandard, and what they run into)
        raise OSError(errno.EIO, str(error) or type(error).__name__) from None


def _sniffed(found: Input) -> Input:
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
        OSError: it cannot be read, there or where its bytes are read.
    """
    if not found.packed:
        with found.path.open("rb") as file:
            yield file
        return
    with _damage():
        packed = _unpacked(found)
    with packed:
        yield cast("BinaryIO", _Bounded(packed))


def _unpacked(found: Input) -> BinaryIO:
    if found.packed == "zstd":
        return _zstd(found.path)
    if found.packed == "gzip":
        return cast("BinaryIO", gzip.open(found.path))
    member = _archive(found.path).open(found.member)
    inner = member.read(2)
    member.seek(0)
    return cast("BinaryIO", gzip.open(member) if inner == _GZIP else member)


def _zstd(path: Path) -> BinaryIO:
    try:
        import zstandard  # type: ignore[import-not-found, unused-ignore] # the extra zst
    except ImportError:
        raise OSError(
            None, "to read .zst, install the extra zst: pip install 'alipay-qr-conformance[zst]'"
        ) from None
    raw = zstandard.ZstdDecompressor().stream_reader(path.open("rb"))
    return cast("BinaryIO", io.BufferedReader(raw))


class _Bounded:
    """A stream that ends after so many bytes: an archive may unpack to more than any disk holds.

    What stands before damage is read; the damage is told by the read behind it.
    """

    def __init__(self, file: BinaryIO, most: int = LARGEST_MEMBER) -> None:
        self._file = cast("io.BufferedIOBase", file)
        self._left = most
        self._damage: OSError | None = None

    def read(self, size: int) -> bytes:
        wanted, pieces = min(size, self._left), list[bytes]()
        try:
            with _damage():
                while self._damage is None and wanted > 0 and (piece := self._file.read1(wanted)):
                    pieces.append(piece)
                    wanted -= len(piece)
        except OSError as error:
            self._damage = error
        if self._damage is not None and not pieces:
            raise self._damage
        data = b"".join(pieces)
        self._left -= len(data)
        return data


def keep_stdin(stream: BinaryIO, path: Path) -> Path:
    """Copy standard input into a file, and return it."""
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file, HEAD)
    return path
