"""Whom a vector exposes: faulty merchants where it asks what an adapter is asked, implementations elsewhere.

A merchant is asked through its operations of level 1, configured with the keys that stand in the vector's
group. It is exposed where a vector is valid and it answers anything else, and where a vector is invalid and
it answers at all, or believes. Declining, in whatever way, is a right answer to an invalid vector.
"""

import base64
from functools import cache
from importlib import import_module
from pathlib import Path

from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.vectors.load import load, names
from faulty.answerers import registry
from faulty.run import merchants

ACCEPTABLE = "the sources are silent: nobody is judged by it"
UNASKED = {
    "digest": "what others published: it proves the arithmetic of whoever reads it, no merchant has another",
}
"""Kinds that nobody is asked for, with the reason."""

UNEXPOSED = {
    "comments-dropped": "no message has a value that begins with #",
    "dash-is-nothing": "no message has a value that is a dash",
    "doorbell-key": "its second key is the published one, with which every message is signed that has MD5",
    "empty-sign-for-unknown-type": "its fault shows when it is asked for a sign type that there is not",
    "every-second-digit": "no message has a sign that is right in every second digit",
    "first-key-stays": "its fault shows once it was given another key",
    "folder-of-keys": "its fault shows once it was given another key",
    "groups-of-digits": "no message has a sign whose groups of digits changed places",
    "key-in-the-message": "no message brings a public key",
    "key-of-partner-twice": "no message is signed with the key that it tries",
    "key-of-the-address": "its second key is the address of its gateway, which no vector has",
    "key-of-the-company": "no message is signed with the key that it tries",
    "key-of-zeros": "no message is signed with the key that it tries",
    "key-with-newline": "its fault shows when it is given a key with a newline behind it, in no message",
    "knows-the-test-key": "its fault shows under another key than the published one, with a forgery",
    "knows-the-test-partner": "its fault shows with another partner than the published one",
    "last-digit-cut": "no message has a sign that is wrong in its last digit alone",
    "md5-for-unknown-type": "its fault shows when it is asked for a sign type that there is not",
    "no-sign-of-dsa": "no message without a sign names DSA",
    "no-type-is-md5": "no message without a sign type of an account of RSA is signed by MD5",
    "quotes-its-key": "its fault is in how it declines, not in what it signs",
    "remembers-right-signs": "its fault shows in the second message",
    "sign-as-number": "no message has a sign with zeros in front",
    "says-one-line": "its fault shows against what it declares",
    "tells-its-key": "its fault is in how it declines, not in what it signs",
    "type-for-a-sign": "its fault shows when it is asked for a sign type that there is not",
    "type-rsa256": "no message names RSA256",
    "unsupported-other-type": "it declines what it ought to find invalid, which is right in a vector",
    "untidy-is-consent": "no message has a wrong sign in untidy base64",
    "waves-answers-through": "its fault shows in answers, which it is not asked about",
}
"""Merchants with a fault of level 1 that no vector can show, with the reason."""

RIGHT_IN_ITS_OWN_WAY = {
    "first-value-counts": "a-name-stands-twice",
    "last-value-counts": "a-name-stands-twice",
}
"""Harmless variants that accept what vectors of this name forbid. Both use the value that they have verified, and say so
in a policy; an answer to ``verify`` cannot show that, so the vectors keep to the safe reading."""

OWN_KEYS = {"md5_key", "merchant_private_key"}
KEYS = ("md5_key", "merchant_private_key", "alipay_public_key")


@cache
def judged_by_data():
    """Return the merchants whose fault parameters and signs can show, by name, as far as they live in this process."""
    rows = register()
    shown = {each for each, row in rows.items() if row.level == 1} | {"notify.reject.duplicate"}
    return {
        name: kind
        for name, kind in merchants().items()
        if shown.intersection(kind.breaks) and not getattr(kind, "own_process", False)
    }


@cache
def implementations():
    """Return all faulty implementations by name."""
    for path in sorted(Path(registry.__file__).parent.glob("*.py")):
        import_module(f"faulty.answerers.{path.stem}")
    return dict(registry.IMPLEMENTATIONS)


@cache
def merchant_keys():
    """Return the merchant's keys by sign type, for groups that do not say them: who verifies has them all the same."""
    return {
        sign_type: {name: load(f"sign_{sign_type.lower()}")[0].inputs.get(name, "") for name in KEYS}
        for sign_type in ("MD5", "RSA", "RSA2")
    }


def configured(kind, inputs):
    """Return a new merchant of a kind, with the keys that stand in a vector's group."""
    shop = kind()
    sign_type = inputs.get("sign_type", "MD5")
    keys = {**merchant_keys()[sign_type], **{name: inputs[name] for name in KEYS if name in inputs}}
    shop.configure(
        gateway_timeout="1", partner="2088021966388155", sign_type=sign_type, charset=inputs["charset"], **keys
    )
    return shop


def presigned(shop, inputs):
    result = shop.presign(inputs["params"], inputs["charset"])
    if "text" in result:
        return {"presign": result["text"]}
    return {"presign_hex": base64.b64decode(result["base64"]).hex()}


def signed(shop, inputs):
    return shop.sign(inputs["params"], inputs["charset"], inputs["sign_type"])


def verified(shop, inputs):
    received = shop.received(inputs["params"], None)
    return {} if shop.verify(received, inputs["charset"])["valid"] else None


OPERATIONS = {"presign": presigned, "sign": signed, "verify_notification": verified}
"""The kinds that merchants are asked; each answers what is compared with the steps, or None."""


def is_exposed(kind, vector):
    """Return whether a vector shows a merchant to be wrong."""
    if vector.kind == "sign" and "merchant_public_key" in vector.inputs and not vector.inputs.keys() & OWN_KEYS:
        return not _verifies(kind, vector)
    try:
        answer = OPERATIONS[vector.kind](configured(kind, vector.inputs), vector.inputs)
    except Exception:  # a refusal, a crash: neither signed nor accepted
        answer = None
    if vector.result == "invalid":
        return answer is not None
    return answer is None or any(vector.steps[name] != value for name, value in answer.items())


def _verifies(kind, vector):
    """Return whether a merchant believes what somebody signed with a key that nobody else has."""
    inputs = {**vector.inputs, "alipay_public_key": vector.inputs["merchant_public_key"]}
    sent = {"sign_type": inputs["sign_type"]} | dict(inputs["params"]) | {"sign": vector.steps["sign"]}
    try:
        return verified(configured(kind, inputs), {**inputs, "params": [*map(list, sent.items())]}) is not None
    except Exception:  # a refusal, a crash
        return False


def exposed(vector):
    """Return the names of those whom a vector exposes, sorted."""
    if vector.result == "acceptable" or vector.kind in UNASKED:
        return []
    found = registry.exposed(vector, implementations())
    if vector.kind in OPERATIONS:
        found += [name for name, kind in judged_by_data().items() if is_exposed(kind, vector)]
    return sorted(found)


def reason(vector):
    """Return why a vector that exposes nobody stands in the files, or None."""
    if vector.result == "acceptable":
        return ACCEPTABLE
    return UNASKED.get(vector.kind) or registry.EXCUSED.get(vector.id)


def everybody():
    """Return all who can be exposed, name -> fault."""
    known = implementations()
    assert not judged_by_data().keys() & known.keys(), "a name is that of a merchant and of an implementation"
    kinds = {**judged_by_data(), **known}
    return {name: kinds[name].fault for name in sorted(kinds)}


def every_vector():
    """Return all vectors, in the order of the files."""
    return [vector for name in names() for vector in load(name)]
