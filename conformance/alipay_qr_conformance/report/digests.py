"""SHA-256 digests of what a statement names, each in hexadecimal.

vectors_digest   all golden vectors
kit_digest       the code and texts of the kit that runs
policy_digest    the choices of a merchant
tree_digest      a folder of code
key_digest       a public key
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alipay_qr_conformance.report.json_report import canonical
from alipay_qr_conformance.vectors.load import folder, names

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

_MOST_FILES: Final = 20_000
_MOST_BYTES: Final = 500_000_000
_LEFT_OUT: Final = frozenset({"__pycache__", "node_modules"})


class TreeError(ValueError):
    """The folder has no digest: it is none, or beyond the bounds; the text says which."""


def vectors_digest() -> str:
    """Return one digest over all golden vectors, by name and content."""
    return _listed((name, (folder() / f"{name}.json").read_bytes()) for name in names())


def kit_digest() -> str:
    """Return one digest over the code and texts of both packages, by name and content."""
    found = []
    for package in ("alipay_qr", "alipay_qr_conformance"):
        root = Path(str(files(package)))
        found += [
            (f"{package}/{path.relative_to(root).as_posix()}", path)
            for path in root.rglob("*")
            if path.suffix in {".py", ".toml"}
        ]
    return _listed((name, path.read_bytes()) for name, path in sorted(found))


def policy_digest(declared: Mapping[str, Any]) -> str:
    """Return the digest of what a merchant declares."""
    return hashlib.sha256(canonical(declared).encode("ascii")).hexdigest()


def key_digest(key: "PublicKeyTypes") -> str:
    """Return the digest of a public key: of its SubjectPublicKeyInfo."""
    from cryptography.hazmat.primitives import serialization

    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def tree_digest(top: Path, without: Iterable[Path] = ()) -> str:
    """Return one digest over the files of a folder, by name and content.

    Hidden ones, ``__pycache__`` and ``node_modules`` are left out: what a lock file names stands in it. A
    symbolic link counts by where it leads, and is not followed.

    Args:
        top: the folder.
        without: files that do not count, such as the statement itself.

    Raises:
        TreeError: no folder, or more than 20,000 files or 500 MB.
        OSError: a file cannot be read.
    """
    if not top.is_dir():
        raise TreeError(f"{top}: there is no such folder")
    left_out = {path.absolute() for path in without}
    return _listed(_contents(top, sorted(path for path in _walk(top) if path.absolute() not in left_out)))


def _walk(top: Path) -> Iterator[Path]:
    count = 0
    for place, folders, found in os.walk(top):
        folders[:] = [each for each in folders if not each.startswith(".") and each not in _LEFT_OUT]
        links = [each for each in folders if (Path(place) / each).is_symlink()]
        for name in (*found, *links):
            if not name.startswith("."):
                count += 1
                if count > _MOST_FILES:
                    raise TreeError(f"{top}: more than {_MOST_FILES} files; name that of the code alone")
                yield Path(place) / name


def _contents(top: Path, paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    total = 0
    for path in paths:
        if path.is_symlink():
            data = f"-> {path.readlink()}".encode("utf-8", "surrogateescape")
        elif path.is_file():
            total += path.stat().st_size
            if total > _MOST_BYTES:
                raise TreeError(f"{top}: more than {_MOST_BYTES} bytes; name that of the code alone")
            data = path.read_bytes()
        else:
            continue
        yield path.relative_to(top).as_posix(), data


def _listed(found: Iterable[tuple[str, bytes]]) -> str:
    """Return the digest of a list of names and digests; a name is written so that it cannot hold a line."""
    total = hashlib.sha256()
    for name, data in found:
        total.update(canonical([name, hashlib.sha256(data).hexdigest()]).encode("ascii") + b"\n")
    return total.hexdigest()
