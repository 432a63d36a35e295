"""Requirement sets never change, and a statement can be checked by everybody."""

import base64
import json
import random
import sys
from copy import deepcopy
from datetime import date

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519

from alipay_qr_conformance import cli
from alipay_qr_conformance.model import requirement_sets
from alipay_qr_conformance.model.requirement_sets import (
    RequirementSet,
    UnknownSetError,
    days,
    frozen_text,
    ids_on,
    requirement_set,
)
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.report.digests import TreeError, key_digest, tree_digest
from alipay_qr_conformance.report.json_report import canonical
from alipay_qr_conformance.report.statement import (
    OWN,
    KeyFileError,
    StatementError,
    described,
    differences,
    opened,
    private_key,
    public_key,
    sealed,
    statement,
)


@pytest.mark.parametrize("day", days(), ids=str)
def test_a_set_lists_requirements_that_are_there(day):
    rows = register()
    assert [each for each in requirement_set(day).ids if each not in rows] == []
    assert [each for each in requirement_set(day).ids if rows[each].since > day] == []


def test_every_tested_requirement_is_in_the_newest_set_or_younger():
    newest = requirement_set()
    missing = sorted(set(ids_on(newest.day)) - newest.ids)
    assert missing == [], (
        "a requirement of a later day has a later 'since'; before a release: python -m tools.requirement_set"
    )


def test_a_set_is_written_in_one_form():
    newest = requirement_set()
    folder = requirement_sets.files("alipay_qr_conformance") / "texts" / "sets"
    assert (folder / f"{newest.day}.txt").read_text("ascii") == frozen_text(newest.ids)


def test_an_unknown_day_says_which_there_are():
    with pytest.raises(UnknownSetError, match=str(days()[0])):
        requirement_set(date(2001, 1, 1))


def run_of(*ids, verdict="pass"):
    from alipay_qr_conformance.engine.setup import RunOptions, plan
    from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Text, Verdict
    from alipay_qr_conformance.report.run import Run
    from alipay_qr_conformance.subjects.hello import parse_hello
    from alipay_qr_conformance.subjects.reference import ReferenceAdapter

    text = Text("x", "x")
    results = tuple(
        CaseResult(
            each,
            "c",
            Verdict(verdict if each == ids[-1] else "pass"),
            finding=Finding(each, "c", Verdict.FAIL, text) if verdict == "fail" and each == ids[-1] else None,
        )
        for each in ids
    )
    return Run(parse_hello(ReferenceAdapter().hello()), plan(RunOptions(level=1)), results)


EXPIRES = date(2099, 1, 31)
COUNTED = RequirementSet(date(2026, 1, 1), frozenset({"sign.order", "sign.join"}), "0" * 64)


def made(*ids, verdict="pass"):
    run = run_of(*(ids or ("sign.order", "sign.join")), verdict=verdict)
    return statement(run, COUNTED, "5" * 64, EXPIRES)


def test_it_names_everything_that_it_depends_on():
    found = made()
    assert found["subject"][0]["digest"] == {"sha256": "5" * 64}
    assert [each["name"] for each in found["predicate"]["configuration"]] == [
        *("kit", "vectors", "requirement-set", "policy", "run"),
    ]
    assert described(found, "run")["annotations"] == {
        "level": 1, "seed": 0, "depth": "default", "profile": "global",
    }  # fmt: skip
    assert found["predicate"]["result"] == "PASSED"
    assert found["predicate"]["passedTests"] == ["sign.join", "sign.order"]


@pytest.mark.parametrize(
    ("verdict", "result"), [("fail", "FAILED"), ("unsupported", "WARNED"), ("blocked", "WARNED")]
)
def test_what_was_not_proved_has_not_passed(verdict, result):
    found = made("sign.order", "sign.join", verdict=verdict)["predicate"]
    assert found["result"] == result
    assert found["failedTests"] == (["sign.join"] if verdict == "fail" else [])


def test_a_requirement_that_came_later_turns_nobody_red():
    found, before = made("sign.order", "sign.join", "sign.empty", verdict="fail"), made()
    assert found["predicate"]["result"] == "PASSED"
    assert found["predicate"][OWN]["later"] == {"sign.empty": "fail"}
    assert [each.partition(":")[0] for each in differences(before, found)] == [
        f"predicate.{OWN}.later.sign.empty",
    ]  # fmt: skip


KEYS = {
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
    "ecdsa": ec.generate_private_key(ec.SECP256R1()),
    "rsa": rsa.generate_private_key(65537, 2048),
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_an_independent_library_reads_it(key):
    dsse = pytest.importorskip("securesystemslib.dsse")
    signer = pytest.importorskip("securesystemslib.signer")
    envelope = dsse.Envelope.from_dict(json.loads(sealed(made(), key)))
    theirs = signer.SSlibKey.from_crypto(key.public_key(), keyid=key_digest(key.public_key()))
    assert list(envelope.verify([theirs], 1)) == [theirs.keyid]
    assert envelope.payload_type == "application/vnd.in-toto+json"
    assert json.loads(envelope.payload)["_type"] == "https://in-toto.io/Statement/v1"


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_what_was_signed_is_read_back(key):
    assert opened(sealed(made(), key), key.public_key()) == made()


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from leaves(each, (*path, name))
    elif isinstance(value, list) and value:
        for at, each in enumerate(value):
            yield from leaves(each, (*path, at))
    else:
        yield path


def changed(claimed, path, value):
    forged = deepcopy(claimed)
    place = forged
    for each in path[:-1]:
        place = place[each]
    place[path[-1]] = value
    return forged


def forgeries():
    """Yield texts that a forger may hand in, none of them the genuine one."""
    draw, key, other = random.Random(7), KEYS["ed25519"], ed25519.Ed25519PrivateKey.generate()  # noqa: S311
    claimed = made()
    genuine = sealed(claimed, key)
    envelope = json.loads(genuine)
    for at in range(len(genuine)):  # any byte
        if at % 4 == 0:
            yield genuine[:at] + bytes([genuine[at] ^ 1 << draw.randrange(7)]) + genuine[at + 1 :]
    for path in leaves(
        claimed
    ):  # any claim, with the old signature, another key's, another key's under our name
        for value in ("PASSED", 4, None, [], {}, "0" * 64):
            forged = changed(claimed, path, value)
            if forged == claimed:
                continue
            resealed = json.loads(sealed(forged, other))
            yield canonical(envelope | {"payload": resealed["payload"]}).encode() + b"\n"
            yield canonical(resealed).encode() + b"\n"
            resealed["signatures"][0]["keyid"] = envelope["signatures"][0]["keyid"]
            yield canonical(resealed).encode() + b"\n"
    for size in range(0, len(genuine), 20):
        yield genuine[:size]
    (signature,) = envelope["signatures"]
    for signatures in (
        [],
        [signature] * 2,
        [{}],
        [signature | {"sig": ""}],
        [signature | {"extra": 1}],
        None,
        1,
    ):
        yield canonical(envelope | {"signatures": signatures}).encode() + b"\n"
    for kind in ("application/json", "", None, "application/vnd.in-toto+json "):
        yield canonical(envelope | {"payloadType": kind}).encode() + b"\n"
    yield from (genuine + b" ", b" " + genuine, genuine + genuine, json.dumps(envelope, indent=1).encode())


def test_a_thousand_forgeries_are_refused():
    key, genuine = KEYS["ed25519"].public_key(), sealed(made(), KEYS["ed25519"])
    tried = {each for each in forgeries() if each != genuine}
    believed = []
    for each in tried:
        try:
            opened(each, key)
        except StatementError:
            continue
        believed.append(each)
    assert len(tried) >= 1000
    assert believed == []


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"[" * 9999, b'{"_type":1}', b"\xff"])
def test_what_is_signed_and_no_statement_is_told(payload):
    from alipay_qr_conformance.report import statement as module

    key = KEYS["ed25519"]
    sig = key.sign(module._authenticated(payload))
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": module.PAYLOAD_TYPE,
        "signatures": [{"keyid": key_digest(key.public_key()), "sig": base64.b64encode(sig).decode()}],
    }
    with pytest.raises(StatementError, match="no statement of this kit"):
        opened(canonical(envelope).encode() + b"\n", key.public_key())


def pem(key):
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def public_pem(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def test_a_key_that_cannot_sign_is_told():
    for data in (b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        for read in (private_key, public_key):
            with pytest.raises(KeyFileError):
                read(data)
    with pytest.raises(KeyFileError):
        sealed({}, private_key(pem(x25519.X25519PrivateKey.generate())))


# --- the digest of a folder


@pytest.fixture
def tree(tmp_path):
    top = tmp_path / "shop"
    (top / "lib").mkdir(parents=True)
    (top / "a.php").write_text("a")
    (top / "lib" / "b.php").write_text("b")
    return top


@pytest.mark.parametrize(
    "change",
    [
        lambda top: (top / "a.php").write_text("A"),
        lambda top: (top / "a.php").rename(top / "c.php"),
        lambda top: (top / "new.php").write_text(""),
        lambda top: (top / "lib" / "b.php").unlink(),
        lambda top: (top / "lib" / "b.php").rename(top / "b.php"),
        lambda top: (top / "link").symlink_to("a.php"),
        lambda top: (top / "folder").symlink_to("lib"),
    ],
    ids=["content", "name", "new", "gone", "moved", "link", "linked folder"],
)
def test_another_tree_has_another_digest(tree, change):
    before = tree_digest(tree)
    change(tree)
    assert tree_digest(tree) != before


def test_what_is_no_code_does_not_count(tree):
    before = tree_digest(tree)
    for name in (".git", "__pycache__", "node_modules"):
        (tree / name).mkdir()
        (tree / name / "x").write_text("x")
    (tree / "s.json").write_text("{}")
    assert tree_digest(tree, [tree / "s.json"]) == before
    with pytest.raises(TreeError):
        tree_digest(tree / "a.php")


# --- the command


@pytest.fixture
def keys(tmp_path):
    (tmp_path / "key.pem").write_bytes(pem(KEYS["ed25519"]))
    (tmp_path / "public.pem").write_bytes(public_pem(KEYS["ed25519"]))
    return tmp_path


SHOP = """
from alipay_qr_conformance.subjects.reference import ReferenceAdapter
class Signs(ReferenceAdapter):
    def hello(self):
        return super().hello() | {"operations": ["hello", "configure", "sign"], "sign_types": ["MD5"]}
"""
WORSE = """
    def sign(self, params, charset, sign_type):
        return {"sign": super().sign(params, charset, sign_type)["sign"].upper()}
"""


def test_the_command_writes_and_verifies(keys, tree, monkeypatch, capsys):
    monkeypatch.chdir(keys)
    monkeypatch.syspath_prepend(str(tree))
    (tree / "signs_alone.py").write_text(SHOP)
    subject = ["--python", "signs_alone:Signs", "--source", str(tree), "--lang", "en"]
    words = [
        "check",
        "--level",
        "1",
        "--depth",
        "quick",
        "--report",
        "statement=s.json",
        "--sign-with",
        "key.pem",
    ]
    assert cli.main([*words, *subject]) == 0
    verify = ["report", "verify", "s.json", "--key", "public.pem", *subject]
    assert cli.main(verify) == 0
    assert "confirmed: a second run says the same" in capsys.readouterr().out
    (tree / "signs_alone.py").write_text(SHOP + WORSE)
    monkeypatch.delitem(sys.modules, "signs_alone")
    assert cli.main(verify) == 1
    out = capsys.readouterr().out
    assert "subject.reference merchant.digest.sha256: claimed" in out
    assert "verdicts.sign.md5.digest: claimed pass, seen fail" in out
    assert "not confirmed" in out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--report", "statement=s.json"], "a statement is signed"),
        (["--sign-with", "key.pem"], "--sign-with signs a statement"),
        (["--report", "statement=s.json", "--sign-with", "public.pem"], "no private key in PEM"),
        (["--report", "statement=s.json", "--sign-with", "none.pem"], "No such file"),
        (["--report", "statement=s.json", "--sign-with", "key.pem", "-k", "sign"], "about a whole run"),
        (["--report", "statement=s.json", "--sign-with", "key.pem", "--valid-days", "0"], "--valid-days"),
        (["--report", "statement=s.json", "--sign-with", "key.pem", "--source", "none"], "no such folder"),
        (["--requirement-set", "2001-01-01"], "there is no requirement set"),
        (["--requirement-set", "yesterday"], "yesterday"),
    ],
    ids=lambda found: " ".join(found) if isinstance(found, list) else "",
)
def test_what_cannot_be_meant_is_told_before_the_run(keys, monkeypatch, capsys, words, complaint):
    monkeypatch.chdir(keys)
    assert cli.main(["check", "--lang", "en", *words]) == cli.USAGE
    assert complaint in capsys.readouterr().err


def test_an_expired_one_is_not_confirmed(keys, monkeypatch, capsys):
    from alipay_qr_conformance.cli import verify

    late = statement(run_of("sign.order"), requirement_set(), tree_digest(keys), date(2020, 1, 1))
    (keys / "s.json").write_bytes(sealed(late, KEYS["ed25519"]))
    monkeypatch.setattr(verify, "_again", lambda *_: run_of("sign.order"))
    words = ["--source", str(keys), "--lang", "en"]
    assert (
        cli.main(["report", "verify", str(keys / "s.json"), "--key", str(keys / "public.pem"), *words]) == 1
    )
    assert "good until 2020-01-01" in capsys.readouterr().out


def test_check_keeps_later_requirements_apart(tmp_path, monkeypatch, capfd):
    (tmp_path / "r.json").touch()
    monkeypatch.setattr(
        requirement_sets,
        "requirement_set",
        lambda day: RequirementSet(day, frozenset({"sign.order"}), "0" * 64),
    )
    words = [
        "-k",
        "sign.order or sign.join",
        "--level",
        "1",
        "--json",
        str(tmp_path / "r.json"),
        "--lang",
        "en",
    ]
    assert cli.main(["check", *words, "--requirement-set", "2026-01-01"]) == 0
    report = json.loads((tmp_path / "r.json").read_text())
    assert [row["id"] for row in report["requirements"]] == ["sign.order"]
    assert report["later"] == {"sign.join": "pass"}
    assert "Younger than the requirement set" in capfd.readouterr().out
