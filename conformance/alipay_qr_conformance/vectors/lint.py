"""Is a folder of vectors fit to be published? `lint` says everything that is wrong with its files.

Judged are: schema (with provenance and clauses), canonical form, counts, ids (each once, all in ``ids.json``,
none used again, none changed), flags (each explained, each known to the register), twins (there, and one
edit away), and that the steps follow from each other. Nothing here knows how a vector was made.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from alipay_qr_conformance.vectors.form import canonical_text, edits, fingerprint
from alipay_qr_conformance.vectors.load import BESIDE

IDS: Final = "ids.json"
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_CODECS: Final = {"UTF-8": "utf-8", "GBK": "gbk", "GB2312": "gb2312"}
_HASHES: Final = {"MD5": "md5", "RSA": "sha1", "RSA2": "sha256"}


class Complaint(NamedTuple):
    """One thing that is wrong: ``where`` is a file, or a file and an id."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def lint(folder: Path, *, requirements: Collection[str] | None = None) -> list[Complaint]:
    """Return all complaints about the vectors in ``folder``; an empty list is a clean bill.

    Args:
        folder: holds ``*.json`` and ``schema/``.
        requirements: ids that flags may name; None leaves that question out.
    """
    found: list[Complaint] = []
    files: dict[str, Any] = {}
    for path in sorted(folder.glob("*.json")):
        if path.stem in BESIDE and path.name != IDS:
            continue
        text = path.read_text("utf-8")
        try:
            content = json.loads(text)
        except ValueError as error:
            found.append(Complaint(path.name, f"is no JSON: {error}"))
            continue
        if text != canonical_text(content):
            found.append(Complaint(path.name, "is not in canonical form: was it edited by hand?"))
        files[path.name] = content
    ledger = files.pop(IDS, None)
    for name, content in files.items():
        complaints = list(_against_schema(folder, name, content))
        found += complaints or _content(name, content, requirements)
    if not any(complaint.what.startswith("breaks its schema") for complaint in found):
        found += _ids(files, ledger)
        found += _twins(files)
    return found


# ------------------------------------------------------------------------------------------ one file


def _against_schema(folder: Path, name: str, content: Mapping[str, Any]) -> Iterator[Complaint]:
    subject = content.get("subject") if isinstance(content, dict) else None
    path = folder / "schema" / f"{subject}.schema.json"
    if not isinstance(subject, str) or not path.is_file():
        yield Complaint(name, f"names the subject {subject!r}, for which schema/ has no schema")
        return
    for error in _validator(path).iter_errors(content):
        yield Complaint(name, f"breaks its schema at {error.json_path}: {error.message[:200]}")


@cache
def _validator(path: Path) -> Any:
    from jsonschema import Draft202012Validator

    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _content(
    name: str, content: Mapping[str, Any], requirements: Collection[str] | None
) -> Iterator[Complaint]:
    tests = [(group, test) for group in content["groups"] for test in group["tests"]]
    if content["count"] != len(tests):
        yield Complaint(name, f"says that it holds {content['count']} vectors, and holds {len(tests)}")
    if content["schema"] != f"schema/{content['subject']}.schema.json":
        yield Complaint(name, f"names the schema {content['schema']!r}")
    used = {flag for _, test in tests for flag in test["flags"]}
    for flag in sorted(used - content["notes"].keys()):
        yield Complaint(name, f"uses the flag {flag!r} without a note")
    for flag in sorted(content["notes"].keys() - used):
        yield Complaint(name, f"explains the flag {flag!r}, which no vector has")
    if requirements is not None:
        for flag in sorted(used - set(requirements)):
            yield Complaint(name, f"has the flag {flag!r}, which is no requirement")
    seen: dict[str, str] = {}
    for group, test in tests:
        inputs = json.dumps([group["inputs"], test["inputs"]], sort_keys=True)
        if seen.setdefault(inputs, test["id"]) != test["id"]:
            yield Complaint(f"{name} {test['id']}", f"asks the same as {seen[inputs]}")
        for what in _steps({**group["inputs"], **test["inputs"]}, test):
            yield Complaint(f"{name} {test['id']}", what)


def _steps(inputs: Mapping[str, Any], test: Mapping[str, Any]) -> Iterator[str]:
    """Yield what in the steps does not follow from what stands before it."""
    steps = test["steps"]
    if "kept" not in steps:
        return
    if test["result"] == "valid" and "unencodable" in steps:
        yield "is valid, although a character cannot be encoded"
    given = inputs["params"] if "params" in inputs else steps["children"]
    if any(pair not in given for pair in steps["kept"]):
        yield "keeps a pair that is not among its parameters"
    if sorted(steps["kept"], key=lambda pair: pair[0]) != steps["sorted"]:
        yield "sorts its pairs wrongly"
    if "&".join(f"{name}={value}" for name, value in steps["sorted"]) != steps["presign"]:
        yield "joins its pairs wrongly"
    try:
        encoded = steps["presign"].encode(_CODECS[inputs.get("charset") or steps["charset"]])
    except UnicodeEncodeError:
        if "unencodable" not in steps:
            yield "does not say which character cannot be encoded"
        encoded = None
    if (encoded.hex() if encoded is not None else None) != steps.get("presign_hex"):
        yield "has other bytes than its text in its charset"
    elif encoded is not None and "digest_hex" in steps and steps["digest_hex"] != _digest(encoded, inputs):
        yield "has another digest than its bytes"


def _digest(encoded: bytes, inputs: Mapping[str, Any]) -> str:
    key = inputs["md5_key"].encode() if inputs["sign_type"] == "MD5" else b""
    return hashlib.new(_HASHES[inputs["sign_type"]], encoded + key, usedforsecurity=False).hexdigest()


# ------------------------------------------------------------------------------------------ all files


def _ids(files: Mapping[str, Any], ledger: Mapping[str, Any] | None) -> Iterator[Complaint]:
    if ledger is None:
        yield Complaint(IDS, "is missing: it remembers every id that was ever published")
        return
    homes: dict[str, str] = {}
    for name, content in files.items():
        for group in content["groups"]:
            for test in group["tests"]:
                slug, where = test["id"], f"{name} {test['id']}"
                if slug in homes:
                    yield Complaint(where, f"stands in {homes[slug]} already")
                homes[slug] = name
                if what := _remembered(group, test, ledger):
                    yield Complaint(where, what)
    for slug in sorted(ledger["published"].keys() - homes.keys()):
        yield Complaint(IDS, f"remembers {slug}, which is gone without being withdrawn")


def _remembered(group: Mapping[str, Any], test: Mapping[str, Any], ledger: Mapping[str, Any]) -> str | None:
    if not _ID.fullmatch(test["id"]):
        return "is no slug: small letters, digits and single dashes"
    if test["id"] in ledger["withdrawn"]:
        return "was withdrawn; its id is never used again"
    row = ledger["published"].get(test["id"])
    if row is None:
        return f"is not in {IDS}: run `make vectors`"
    if row != [test["since"], fingerprint(group, test)]:
        return f"is not what {IDS} remembers: published vectors do not change"
    return None


def _twins(files: Mapping[str, Any]) -> Iterator[Complaint]:
    everything = {
        test["id"]: (content["subject"], {**group["inputs"], **test["inputs"]}, test)
        for content in files.values()
        for group in content["groups"]
        for test in group["tests"]
    }
    for slug, (subject, inputs, test) in everything.items():
        twin = test.get("twin")
        if twin is None:
            continue
        other = everything.get(twin)
        if other is None or twin == slug:
            yield Complaint(slug, f"has the twin {twin!r}, which is no other vector")
            continue
        if other[0] != subject:
            yield Complaint(slug, f"has the twin {twin!r}, which is of another kind")
        elif (count := edits(inputs, other[1])) != 1:
            yield Complaint(slug, f"is {count} edits away from its twin {twin!r}, not one")
