"""What the kit does today, as plain data without sentences: what `record.py` stores and the test compares.

Texts may change, and so may the order of cases. The ids of mistakes, facts, defects and cases are the
product's own words; none is derived from the name of a module.
"""

import hashlib
import json
import shlex
import signal
import subprocess
import sys

from freeze.corpus import VECTORS, key_texts
from freeze.loader import case_ids, command

LEVELS = (1, 2, 3, 4)
STARTED = (
    "import json, sys\n"
    "for line in sys.stdin:\n"
    "    asked = json.loads(line)\n"
    "    hello = {'protocol': '1', 'name': 'faulty', 'version': '0', 'language': 'Python', 'clock': False,\n"
    "             'parallel': False, 'operations': ['hello', 'sign'], 'sign_types': ['MD5'],\n"
    "             'charsets': ['UTF-8']}\n"
    "    result = hello if asked['op'] == 'hello' else {'sign': '0' * 32}\n"
    "    print(json.dumps({'id': asked['id'], 'result': result}), flush=True)\n"
)
"""An adapter that signs, and always wrongly."""


def cases():
    """Return the ids of the cases that each level adds, by profile and depth, sorted."""
    found = {}
    for profile in ("global", "hk"):
        for depth in ("quick", "default", "deep"):
            below = set()
            for level in LEVELS:
                ids = case_ids(profile, depth, level)
                assert len(set(ids)) == len(ids)
                found[f"{profile} {depth} {level}"] = sorted(set(ids) - below)
                below = set(ids)
    return found


def vectors():
    """Return the SHA-256 of each file of golden vectors."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(VECTORS.glob("*.json"))
    }


def verdicts(run, only=None):
    """Return which cases somebody met, and of those that did not pass the ids by verdict, sorted."""
    came = run(only)
    told = {}
    for case_id, verdict in sorted(came.items()):
        if verdict != "pass":
            told.setdefault(verdict, []).append(case_id)
    return sorted(came), told


def explained(message, folder):
    """Return what ``explain --json`` says about a message, without its sentences."""
    pasted, words = folder / "message", []
    pasted.write_bytes(message["text"].encode("latin-1"))
    if "public_key" in message:
        key = folder / "key.pem"
        key.write_text(message["public_key"], "ascii")
        words = ["--public-key", key]
    code, out = command("explain", "--json", pasted, *words)
    if not out:
        return {"exit": code, "verdict": None}
    told = json.loads(out)
    if "sign_type" not in told:
        return {"exit": code, "verdict": told.get("verdict")}
    return {
        "exit": code,
        "verdict": told["verdict"],
        "sign_type": told["sign_type"],
        "mistakes": _ids(told["mistakes"]),
        "equivalents": sorted(_ids(group) for group in told["equivalents"]),
        "facts": _ids(told["facts"]),
        "ruled_out": _ids(told["ruled_out"]),
        "expected": _digest(told["expected_presign"]),
        "signed": _digest(told["signed_presign"]),
    }


def _ids(told):
    return [each["id"] for each in told]


def _digest(text):
    return text and hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def keys(folder):
    """Return what ``explain --json`` says about each key text, without its sentences."""
    found = {}
    for name, text in key_texts().items():
        path = folder / "key"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        code, out = command("explain", "--json", path)
        if not out:
            found[name] = {"exit": code}
            continue
        told = json.loads(out)
        kept = ("usable", "kind", "form", "private", "bits", "exponent", "fingerprint")
        found[name] = {"exit": code, **{key: told[key] for key in kept}, "defects": _ids(told["defects"])}
    return found


def furnish(folder):
    """Write the files that the command lines name."""
    right = key_texts()["keys-pkcs1"]
    spoilt = "service=alipay.acquire.cancel&partner=2088021966388155&out_trade_no=1&sign_type=MD5&sign="
    stale = 'known = [\n  { match = "sign.order", cause = "gone", issue = "S-1" },\n]\n'
    for name, text in {
        "faulty.py": STARTED,
        "wrong.txt": spoilt + "0" * 32,
        "right.txt": spoilt + _md5("out_trade_no=1&partner=2088021966388155&service=alipay.acquire.cancel"),
        "empty.txt": "",
        "key.pem": right,
        "cut.pem": right[:200],
        "broken.json": "{",
        "broken.toml": "[",
        "stale.toml": stale,
    }.items():
        (folder / name).write_text(text, "utf-8")


def _md5(text):
    inputs = json.loads((VECTORS / "sign_md5.json").read_text("utf-8"))["groups"][0]["inputs"]
    return hashlib.md5((text + inputs["md5_key"]).encode()).hexdigest()


def exit_code(line, folder):
    """Return what a command line ends with; one that serves is told to end."""
    words = shlex.split(line.format(python=shlex.quote(sys.executable)))
    if words[:1] != ["gateway"] or "--quiet" not in words:
        return command(*words, folder=folder)[0]
    program = [sys.executable, "-m", "alipay_qr_conformance.cli", *words]
    with subprocess.Popen(program, stdout=subprocess.PIPE, cwd=folder) as served:
        served.stdout.readline()
        served.send_signal(signal.SIGTERM)
        served.communicate(timeout=30)
    return served.returncode


def exit_codes(lines, folder):
    """Return each command line with what it ends with, one behind the other in one folder."""
    furnish(folder)
    return [(line, exit_code(line, folder)) for line in lines]
