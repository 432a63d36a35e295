import copy
import hashlib
import json
import shutil

import pytest

from alipay_qr_conformance.vectors import load as vectors
from alipay_qr_conformance.vectors.form import canonical_text, fingerprint
from alipay_qr_conformance.vectors.lint import lint


def small_file():
    def test(slug, value, digest, **more):
        pairs = [["partner", "123"], ["service", value]]
        presign = f"partner=123&service={value}"
        return {
            "id": slug,
            "comment": "a case",
            "inputs": {"params": pairs[::-1]},
            "steps": {
                "kept": pairs[::-1],
                "sorted": pairs,
                "presign": presign,
                "presign_hex": presign.encode().hex(),
                "digest_hex": digest,
                "sign": digest,
            },
            "result": "valid",
            "flags": ["sign.join"],
            **more,
            "since": "2026-11-23",
        }

    return {
        "subject": "sign",
        "schema": "schema/sign.schema.json",
        "count": 2,
        "notes": {"sign.join": {"bug_type": "b", "why": "w", "effect": "e", "clause": "c", "links": []}},
        "groups": [
            {
                "source": {"name": "this test", "licence": "CC0-1.0"},
                "inputs": {
                    "sign_type": "MD5",
                    "charset": "UTF-8",
                    "md5_key": "10000000000000000000000000000000",
                },
                "tests": [
                    test("one", "test", "bbd13b52823b576291595f472ebcfbc2"),
                    test("two", "tost", "5f0f2c9d09c1dd1c63c15a5a7ac6e0b6", twin="one"),
                ],
            }
        ],
    }


@pytest.fixture
def folder(tmp_path):
    """A folder with one good file of two vectors; returns what writes another content into it."""
    shutil.copytree(vectors.folder() / "schema", tmp_path / "schema")

    def write(content, *, text=None, ids=None):
        published = {
            test["id"]: [test["since"], fingerprint(group, test)]
            for group in content["groups"]
            for test in group["tests"]
        }
        (tmp_path / "small.json").write_text(text or canonical_text(content), "utf-8")
        ledger = ids or {"published": published, "withdrawn": {}}
        (tmp_path / "ids.json").write_text(canonical_text(ledger), "utf-8")
        return [str(complaint) for complaint in lint(tmp_path, requirements={"sign.join"})]

    return write


@pytest.fixture
def good():
    content = small_file()
    steps = content["groups"][0]["tests"][1]["steps"]
    key = content["groups"][0]["inputs"]["md5_key"]
    steps["digest_hex"] = steps["sign"] = hashlib.md5((steps["presign"] + key).encode()).hexdigest()
    return content


def test_a_good_folder_is_clean(folder, good):
    assert folder(good) == []


def members(content):
    return content["groups"][0]["tests"]


def spoil(path, value):
    def change(content):
        target = content
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


ONE = ("groups", 0, "tests", 0)
PARAMS, STEPS = (*ONE, "inputs", "params"), (*ONE, "steps")
NOTE = small_file()["notes"]["sign.join"]
FAR = [["service", "test"], ["partner", "123"], ["sign", "x"], ["sign_type", "y"]]
UNENCODABLE = {"kept": [], "sorted": [], "presign": "", "unencodable": {"character": "U+0000", "position": 0}}
UNSORTED = [["service", "test"], ["partner", "123"]]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param(spoil(("count",), 3), "says that it holds 3", id="count"),
        pytest.param(spoil(("schema",), "schema/presign.schema.json"), "breaks its schema", id="schema-name"),
        pytest.param(spoil(("subject",), "nonsense"), "no schema", id="subject"),
        pytest.param(spoil((*ONE, "surprise"), 1), "breaks its schema", id="unknown-member"),
        pytest.param(spoil((*ONE, "id"), "One"), "breaks its schema", id="no-slug"),
        pytest.param(spoil((*ONE, "id"), "two"), "stands in small.json already", id="id-twice"),
        pytest.param(spoil((*ONE, "flags"), ["sign.order"]), "without a note", id="flag-unexplained"),
        pytest.param(spoil(("notes", "sign.order"), NOTE), "which no vector has", id="note-unused"),
        pytest.param(spoil(("notes", "sign.join", "clause"), ""), "breaks its schema", id="no-clause"),
        pytest.param(spoil(("groups", 0, "source"), {"name": "x"}), "breaks its schema", id="no-licence"),
        pytest.param(spoil((*ONE, "twin"), "one"), "no other vector", id="twin-of-itself"),
        pytest.param(spoil((*ONE, "twin"), "three"), "no other vector", id="twin-missing"),
        pytest.param(spoil((*PARAMS, 0, 1), "tost"), "asks the same as one", id="the-same-again"),
        pytest.param(spoil(PARAMS, FAR), "2 edits away", id="twin-too-far"),
        pytest.param(spoil(PARAMS, [["service", "test"]]), "keeps a pair", id="kept"),
        pytest.param(spoil((*STEPS, "sorted"), UNSORTED), "sorts its pairs", id="sorted"),
        pytest.param(spoil((*STEPS, "presign"), "partner=123&service=test&"), "joins its pairs", id="joined"),
        pytest.param(
            spoil(STEPS, UNENCODABLE),
            "although a character cannot be encoded",
            id="valid-but-unencodable",
        ),
        pytest.param(spoil((*STEPS, "presign_hex"), "00"), "other bytes", id="bytes"),
        pytest.param(spoil((*STEPS, "digest_hex"), "00" * 16), "another digest", id="digest"),
    ],
)
def test_every_fault_is_told(folder, good, change, complaint):
    spoilt = copy.deepcopy(good)
    change(spoilt)
    assert any(complaint in line for line in folder(spoilt))


def test_a_flag_must_be_a_requirement(folder, good):
    for test in members(good):
        test["flags"] = ["sign.joined"]
    good["notes"] = {"sign.joined": good["notes"]["sign.join"]}
    assert any("no requirement" in line for line in folder(good))


def test_a_hand_edited_file_is_noticed(folder, good):
    assert any("canonical" in line for line in folder(good, text=json.dumps(good)))


def test_a_broken_file_does_not_hide_behind_an_exception(folder, good):
    assert any("no JSON" in line for line in folder(good, text="{"))


@pytest.mark.parametrize(
    ("published", "withdrawn", "complaint"),
    [
        pytest.param({"one": ["2026-11-23", "0" * 16]}, {}, "do not change", id="changed"),
        pytest.param({}, {}, "is not in ids.json", id="not-remembered"),
        pytest.param({}, {"one": "was wrong"}, "never used again", id="back-from-the-dead"),
        pytest.param({"zero": ["2026-11-23", "0" * 16]}, {}, "gone without being withdrawn", id="vanished"),
    ],
)
def test_ids_are_for_ever(folder, good, published, withdrawn, complaint):
    complaints = folder(good, ids={"published": published, "withdrawn": withdrawn})
    assert any(complaint in line for line in complaints)


def test_no_ledger_is_a_complaint(tmp_path):
    shutil.copytree(vectors.folder() / "schema", tmp_path / "schema")
    (complaint,) = lint(tmp_path)
    assert str(complaint) == "ids.json: is missing: it remembers every id that was ever published"


def test_our_own_vectors_are_clean():
    assert lint(vectors.folder()) == []
