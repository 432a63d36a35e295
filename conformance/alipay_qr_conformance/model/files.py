"""Files that a person names: read within bounds of size and time, whatever they are.

read_file   the bytes of a file
read_toml   the table in a file; `text_of` and `parse_toml` where the text is needed too
write_file  whole or not at all, through no symbolic link
append_file more of it, as it comes
whole_or_not   takes several files back where one could not be written
"""

import codecs
import errno
import os
import stat
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from alipay_qr_conformance.model.bounds import FILE_BYTES, check_toml
from alipay_qr_conformance.model.posix import keep_mode, set_blocking

LARGEST: Final = FILE_BYTES
"""Bytes that are read of one file."""


def read_file(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        OSError: it cannot be read, has more than `LARGEST` bytes, or is a pipe to which nobody writes.
    """
    with open(path, "rb", opener=_opened) as file:
        set_blocking(file.fileno(), True)
        data = read_bounded(file, str(path))
        if not data and stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.ENODATA, "a pipe to which nobody writes", str(path))
        return data


def read_bounded(stream: IO[bytes], name: str) -> bytes:
    """Return what is left of a stream.

    Raises:
        OSError: it cannot be read, or has more than `LARGEST` bytes.
    """
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(errno.EFBIG, f"more than {LARGEST} bytes", name)
    return data


def read_toml(path: Path) -> dict[str, Any]:
    """Return the table in a file.

    Raises:
        OSError: see `read_file`.
        ValueError: it is no TOML in UTF-8.
    """
    return parse_toml(text_of(read_file(path)))


def text_of(data: bytes) -> str:
    """Return the text of a file: UTF-8, or what Windows writes, with a mark at its beginning.

    Raises:
        ValueError: it is neither.
    """
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if marked else "utf-8-sig")


def parse_toml(text: str) -> dict[str, Any]:
    """Return the table in a text.

    Raises:
        ValueError: it is no TOML, or outside the bounds of `check_toml`.
    """
    check_toml(text)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("its values are nested too deeply") from None


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by its owner alone, or as the one that it replaces.

    A symbolic link is not followed: whoever may put one into a shared folder must not choose what is lost.

    Raises:
        OSError: it cannot be written, or is a symbolic link (outside ``/dev``).
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        found = None
    if found is not None and stat.S_ISLNK(found.st_mode) and path.parent != Path("/dev"):
        raise OSError(errno.ELOOP, "a symbolic link; name the file itself", str(path))
    if found is not None and not stat.S_ISREG(found.st_mode):  # a device, a pipe
        path.write_bytes(data)
        return
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if found is not None:
                keep_mode(file.fileno(), stat.S_IMODE(found.st_mode))
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def whole_or_not() -> Iterator[list[Path]]:
    """Take back the files that are put into the list, where not all that was meant could be written."""
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def append_file(path: Path, data: bytes) -> None:
    """Write more to a file that `write_file` has begun.

    Raises:
        OSError: it cannot be written, or has become a symbolic link (outside ``/dev``).
    """
    whole = path.parent == Path("/dev")
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | (0 if whole else getattr(os, "O_NOFOLLOW", 0)))
    with os.fdopen(handle, "ab") as file:
        file.write(data)


def _opened(name: str, flags: int) -> int:
    # Without O_NONBLOCK whoever opens a pipe waits for a writer, who may never come.
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
