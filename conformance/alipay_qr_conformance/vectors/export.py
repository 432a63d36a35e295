"""A copy of the golden vectors for another project: all of them or some, as a folder or an archive.

A chosen part is a whole again: counts, notes and twins are those of the vectors in it, so that it keeps its
schema. The ledger of ids is left out of a part, for it speaks of all vectors.
"""

import io
import json
import tarfile
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from alipay_qr_conformance.model.files import whole_or_not
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.vectors.form import canonical_text
from alipay_qr_conformance.vectors.load import folder, names

_ARCHIVES: Final = {".zip": "zip", ".tar": "w", ".tar.gz": "w:gz", ".tgz": "w:gz"}


class NothingChosenError(LookupError):
    """No vector is as was asked; ``reason`` says what there is, in both languages."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class Choice(NamedTuple):
    """Which vectors: those whose kind, flags and result are among these; an empty one asks for all."""

    kinds: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    results: frozenset[str] = frozenset()

    def takes(self, kind: str, test: Mapping[str, Any]) -> bool:
        """Say whether a vector of a kind is chosen."""
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.flags or not self.flags.isdisjoint(test["flags"]))
            and (not self.results or test["result"] in self.results)
        )


def choice(
    kinds: Collection[str] | None, flags: Collection[str] | None, results: Collection[str] | None
) -> Choice:
    """Return the choice of these kinds, flags and results; None is all of them."""
    return Choice(*(frozenset(each or ()) for each in (kinds, flags, results)))


def chosen(which: Choice) -> dict[str, dict[str, Any]]:
    """Return the content of each set with the chosen vectors alone; a set without any is left out.

    Raises:
        NothingChosenError: there is no such vector.
    """
    whole = {name: json.loads((folder() / f"{name}.json").read_text("utf-8")) for name in names()}
    parts = {name: _part(content, which) for name, content in whole.items()}
    found = {name: part for name, part in parts.items() if part["count"]}
    if not found:
        kinds = ", ".join(sorted({content["subject"] for content in whole.values()}))
        raise NothingChosenError(message("vectors.nothing-chosen", kinds=kinds))
    return found


def export(target: Path, which: Choice) -> int:
    """Write the chosen vectors with licence, README and schemas to ``target``; return how many they are.

    Args:
        target: a folder that does not exist or is empty; or a file that does not exist and ends in .zip,
            .tar, .tar.gz or .tgz.
        which: the vectors.

    Raises:
        NothingChosenError: there is no such vector.
        FileExistsError: something is in the way.
        OSError: it cannot be written.
    """
    sets = chosen(which)
    files = _files(sets, whole=which == Choice())
    ending = next((each for each in _ARCHIVES if target.name.endswith(each)), None)
    if ending is None:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise FileExistsError(target)
        with whole_or_not() as made:
            for name, data in files.items():
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                made.append(path)
                path.write_bytes(data)
    else:
        with whole_or_not() as made, target.open("xb") as file:
            made.append(target)
            _archive(file, ending, files)
    return sum(content["count"] for content in sets.values())


def _part(content: dict[str, Any], which: Choice) -> dict[str, Any]:
    groups = [
        {**group, "tests": [test for test in group["tests"] if which.takes(content["subject"], test)]}
        for group in content["groups"]
    ]
    groups = [group for group in groups if group["tests"]]
    tests = [test for group in groups for test in group["tests"]]
    ids, flags = {test["id"] for test in tests}, {flag for test in tests for flag in test["flags"]}
    for test in tests:
        if test.get("twin") not in ids:
            test.pop("twin", None)
    notes = {flag: note for flag, note in content["notes"].items() if flag in flags}
    return {**content, "count": len(tests), "notes": notes, "groups": groups}


def _files(sets: Mapping[str, dict[str, Any]], *, whole: bool) -> dict[str, bytes]:
    """Return what an export holds: path to bytes."""
    place = folder()
    if whole:
        return {
            path.relative_to(place).as_posix(): path.read_bytes()
            for path in sorted(place.rglob("*"))
            if path.is_file()
        }
    kinds = {content["subject"] for content in sets.values()}
    copied = ["LICENSE", "README.md", *(f"schema/{kind}.schema.json" for kind in sorted(kinds))]
    return {
        **{name: (place / name).read_bytes() for name in copied},
        **{f"{name}.json": canonical_text(content).encode() for name, content in sets.items()},
    }


def _archive(file: Any, ending: str, files: Mapping[str, bytes]) -> None:
    """Write an archive in which everything stands in one folder, with fixed times."""
    if ending == ".zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(zipfile.ZipInfo(f"alipay-qr-vectors/{name}"), data, zipfile.ZIP_DEFLATED)
        return
    with tarfile.open(fileobj=file, mode=_ARCHIVES[ending]) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            row = tarfile.TarInfo(f"alipay-qr-vectors/{name}")
            row.size = len(data)
            archive.addfile(row, io.BytesIO(data))
