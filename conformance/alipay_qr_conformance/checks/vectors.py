"""Level 1 on the golden vectors: each is a case of its own, under its published id.

What a vector says is the whole expectation: the bytes that are signed, the sign, whether a message is to be
believed. Nothing is computed here, unless the run has keys of its own: then the vector's bytes are signed
with those. A vector is about its first flag, and differs from its twin by one edit; so where a wrong text is
not explained by a breach of another requirement (`alipay_qr_conformance.checks.blame`), and the twin is wrong
as well, the edit is not to blame, and the case is not judged.

At the depth quick a text is signed with MD5 alone: it is the same text for RSA and RSA2, whose digests have
vectors of their own.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, Final

from alipay_qr.presign import codec
from alipay_qr.signing import Md5
from alipay_qr_conformance.checks.blame import blamed, without_one
from alipay_qr_conformance.checks.sign import (
    DIGESTS,
    Signs,
    ask_sign,
    digest_is_right,
    joined_wrongly,
    merchant_signer,
    sign_breach,
    signed_by,
)
from alipay_qr_conformance.checks.verify import accepted, softened
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import SIGN_TYPES, Plan, Question, Setup
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.case import Run, check
from alipay_qr_conformance.testbed.offer import expect_no_right_to_refuse
from alipay_qr_conformance.testbed.testbed import Testbed
from alipay_qr_conformance.vectors.load import KEY_SETTINGS, Vector, load

_OF_NAMES: Final = frozenset({"sign.join", "sign.order"})
"""Requirements about whole pairs: a value cannot be why one is missing."""
SIGNS: Final = {"sign_md5": "MD5", "sign_rsa": "RSA", "sign_rsa2": "RSA2"}


Judged = tuple[Vector, Setup]


def _table(*sets: str) -> Callable[[Plan], Mapping[str, Judged]]:
    """Return what lists the vectors of some sets that have one right answer, by id."""

    def table(plan: Plan) -> Mapping[str, Judged]:
        return {
            vector.id: (vector, setup)
            for name in sets
            for vector, setup in _judged(name)
            if _counts(plan, name, vector.flags[0])
        }

    return table


def _counts(plan: Plan, name: str, flag: str) -> bool:
    """Say whether a set's vectors about ``flag`` are asked at the plan's depth."""
    return plan.depth != "quick" or SIGNS.get(name, "MD5") == "MD5" or flag in DIGESTS.values()


def _flag(plan: Plan, item: Judged) -> list[str]:  # noqa: ARG001 (the vector's own)
    return [item[0].flags[0]]


def _setup(item: Judged) -> tuple[Setup]:
    return (item[1],)


def _features(item: Judged) -> tuple[str, ...]:
    params = item[0].inputs["params"]
    return ("duplicates",) if len({name for name, _ in params}) < len(params) else ()


@cache
def _judged(name: str) -> list[tuple[Vector, Setup]]:
    """Return the vectors of a set that judge, each with what the subject is configured with."""
    homes: dict[tuple[str, ...], tuple[str, str] | None] = {}
    published = _published()
    found = []
    for vector in load(name):
        if vector.result == "acceptable":
            continue
        charset, sign_type = vector.inputs["charset"], vector.inputs.get("sign_type")
        if sign_type is None:
            found.append((vector, Setup(charset=charset, exact=True)))
            continue
        keys = {each: vector.inputs[each] for each in KEY_SETTINGS if each in vector.inputs}
        ours = all(published[sign_type][each] == key for each, key in keys.items())
        home = None if ours else homes.setdefault((sign_type, repr(keys)), (name, vector.id))
        setup = Setup(sign_type, charset, keys_of=home, published=home is None, exact=True)
        found.append((vector, setup))
    return found


@cache
def _published() -> dict[str, dict[str, Any]]:
    keys = TestKeys()
    return {sign_type: keys.settings(sign_type) for sign_type in SIGN_TYPES}


def _of_vectors(
    *sets: str, needs: tuple[str, ...], asks: Callable[..., Question | None], late: bool = False
) -> Callable[[Run], Run]:
    """Declare a check of which each vector of some sets is a case."""
    return check(
        _flag, needs=needs, each=_table(*sets), setups=_setup, features=_features, asks=asks, late=late
    )


# ---------------------------------------------------------------------------------------------- presign


def _asks_presign(bed: Testbed, item: Judged, _: str) -> Question:  # noqa: ARG001 (asked like the others)
    vector = item[0]
    return Question("presign", {name: vector.inputs[name] for name in ("params", "charset")})


@_of_vectors("presign", needs=("presign",), asks=_asks_presign, late=True)
def shown_text(bed: Testbed, item: Judged, _: str) -> None:
    """Show the text that is signed: the vector's, byte for byte."""
    vector = item[0]
    charset = vector.inputs["charset"]
    answer = bed.ask("presign", params=vector.inputs["params"], charset=charset)
    if not isinstance(answer, Result):
        return  # declining to show it is no fault: the sign is what counts
    evidence = {"parameters": vector.params, "charset": charset, "vector": vector.comment}
    match answer.value:
        case {"text": str(shown)}:
            raw = shown.encode(codec(charset), "replace")
            if vector.result == "invalid" or shown == vector.steps["presign"]:
                return  # the text before encoding: its charset cannot be judged
            charsets = False
        case {"base64": str(shown)}:
            try:
                raw = base64.b64decode(shown, validate=True)
            except binascii.Error:
                raise Failed("presign.no-base64", {**evidence, "signed_presign": shown}) from None
            if raw.hex() == vector.steps.get("presign_hex"):
                return
            charsets = True
        case other:
            raise Failed("presign.no-text", {**evidence, "answer": other})
    if not _is_its_own_breach(vector, lambda data: data == raw, charsets=charsets):
        _twin_too(bed, vector, "presign", _shows)
    key = "presign.unencodable" if vector.result == "invalid" else "presign.differs"
    texts = {"expected_presign": _expected(vector), "signed_presign": raw.decode(codec(charset), "replace")}
    raise Failed(key, {**evidence, **texts})


def _shows(bed: Testbed, vector: Vector) -> bool:
    answer = bed.ask("presign", params=vector.inputs["params"], charset=vector.inputs["charset"])
    if not isinstance(answer, Result):
        return vector.result == "invalid"
    if "text" in answer.value:
        return bool(answer.value["text"] == vector.steps["presign"])
    return answer.value.get("base64") == base64.b64encode(_bytes(vector) or b"\0").decode()


# ------------------------------------------------------------------------------------------------- sign


def _asks_sign(bed: Testbed, item: Judged, _: str) -> Question:  # noqa: ARG001 (asked like the others)
    vector = item[0]
    return Question("sign", {name: vector.inputs[name] for name in ("params", "charset", "sign_type")})


@_of_vectors("sign_md5", needs=("sign",), asks=_asks_sign)
@_of_vectors("sign_rsa", "sign_rsa2", needs=("sign",), asks=_asks_sign, late=True)
def sign_of_text(bed: Testbed, item: Judged, _: str) -> None:
    """Sign the vector's parameters as the vector says, or decline what the charset cannot hold."""
    vector = item[0]
    charset, sign_type = vector.inputs["charset"], vector.inputs["sign_type"]
    if vector.result == "invalid":
        _declines(vector, bed)
        return
    joins, digests = vector.flags[0] == "sign.join", vector.flags[0] == DIGESTS[sign_type]
    if not (joins or digests or bed.setup.keys_of):
        digest_is_right(bed)
    sign = ask_sign(bed, vector.params, charset, sign_type)
    right = _right_sign(bed, vector)
    if sign == right:
        return
    form_alone = _without_form(sign) == _without_form(right)
    if form_alone and not digests:
        raise Blocked("see.digest", requirement=DIGESTS[sign_type])
    signs = _signs_of(bed, vector, sign)
    key = _md5_key(bed, vector)
    if how := joined_wrongly(vector.steps["sorted"], charset, signs, (key, sign) if key else None):
        if joins:
            raise Failed("sign.joined", {"parameters": vector.params, "signed_presign": how})
        raise Blocked("see.join", how=how)
    if joins:
        digest_is_right(bed)
    if not form_alone and not _is_its_own_breach(vector, signs):
        _twin_too(bed, vector, "sign", _signs)
    breach = sign_breach(vector.params, charset, sign_type, right, sign, vector=vector.comment)
    if bed.setup.keys_of:
        breach.wrong_sign = None  # the doctor knows the keys of the run alone
    raise breach


def _without_form(sign: str) -> str:
    """Return a sign without case, white space, padding, leading zeros and the alphabet for URLs."""
    return "".join(sign.split()).lower().lstrip("0").rstrip("=").replace("-", "+").replace("_", "/")


def _declines(vector: Vector, bed: Testbed) -> None:
    """A character does not exist in the charset: the only right answer is to decline."""
    charset, sign_type = vector.inputs["charset"], vector.inputs["sign_type"]
    answer = bed.ask("sign", params=vector.inputs["params"], charset=charset, sign_type=sign_type)
    if isinstance(answer, Result):
        digest_is_right(bed)
        _is_its_own_breach(vector, _signs_of(bed, vector, str(answer.value.get("sign"))), charsets=False)
        lacking = vector.steps["unencodable"]["character"]
        evidence = {"parameters": vector.params, "charset": charset, "sign": answer.value.get("sign")}
        raise Failed("sign.unencodable", {**evidence, "why": f"{lacking} does not exist in {charset}"})


def _signs(bed: Testbed, vector: Vector) -> bool:
    charset, sign_type = vector.inputs["charset"], vector.inputs["sign_type"]
    answer = bed.ask("sign", params=vector.inputs["params"], charset=charset, sign_type=sign_type)
    if not isinstance(answer, Result):
        return vector.result == "invalid"
    return vector.result == "valid" and answer.value.get("sign") == _right_sign(bed, vector)


def _right_sign(bed: Testbed, vector: Vector) -> str:
    if bed.setup.keys_of or not bed.keys.own:
        return str(vector.steps["sign"])
    return merchant_signer(bed, vector.inputs["sign_type"]).sign(_bytes(vector) or b"")


def _md5_key(bed: Testbed, vector: Vector) -> str | None:
    if vector.inputs["sign_type"] != "MD5":
        return None
    return str(vector.inputs["md5_key"]) if bed.setup.keys_of else bed.keys.md5_key


def _signs_of(bed: Testbed, vector: Vector, sign: str) -> Signs:
    """Return what says whether ``sign`` signs given bytes, with the keys of this case."""
    if bed.setup.keys_of and vector.inputs["sign_type"] == "MD5":
        return lambda data: Md5(vector.inputs["md5_key"]).verify(data, sign)
    return signed_by(bed, sign)


# ----------------------------------------------------------------------------------------------- verify


def _asks_verify(bed: Testbed, item: Judged, _: str) -> Question | None:
    vector = item[0]
    if _is_sealed_anew(bed) or not bed.subject.supports("verify", source="notification"):
        return None
    params = [[name, value or ""] for name, value in vector.params]
    return Question("verify", {"params": params, "charset": bed.setup.charset, "source": "notification"})


@_of_vectors("verify_notification", needs=("verify",), asks=_asks_verify, late=True)
def belief_of_notification(bed: Testbed, item: Judged, _: str) -> None:
    """Believe the vector's notification, or do not, as the vector says."""
    vector = item[0]
    params = [(name, value or "") for name, value in vector.params]
    if _is_sealed_anew(bed):
        params = _sealed_anew(bed, vector)
    believed = accepted(bed, params, "notification")
    evidence = {"parameters": params, "source": "notification", "vector": vector.comment}
    if vector.result == "valid" and not believed:
        expect_no_right_to_refuse(bed, params)
        raise Failed("verify.refused", {**evidence, "expected_presign": _expected(vector)})
    if vector.result == "invalid" and believed:
        if not signs_text(bed, vector):
            raise Blocked("see.text")
        raise softened(bed, params, vector.id, Failed("verify.accepted", evidence, what=vector.id))


def forgeries(setup: Setup) -> list[Vector]:
    """Return the golden notifications that are not to be believed, for the published account."""
    wanted = setup.sign_type, setup.charset, None
    return [
        vector
        for vector, each in _judged("verify_notification")
        if vector.result == "invalid" and (each.sign_type, each.charset, each.keys_of) == wanted
    ]


def _is_sealed_anew(bed: Testbed) -> bool:
    return bool(bed.keys.own) and not bed.setup.keys_of


def _sealed_anew(bed: Testbed, vector: Vector) -> list[tuple[str, str]]:
    """Return a genuine message with the sign of the run's own key; a forgery cannot be made anew."""
    signer, data = bed.keys.gateway_signer(bed.setup.sign_type), _bytes(vector)
    if vector.result == "invalid" or signer is None or data is None:
        raise Unsupported(message("needs.published-keys"))
    sign = signer.sign(data)
    return [(name, sign if name == "sign" else value or "") for name, value in vector.params]


def signs_text(bed: Testbed, vector: Vector) -> bool:
    """Say whether the subject makes the right text of these parameters where it signs them itself.

    Where it does not, a forgery was accepted because of the text, and the rules of the text are accused. Of a
    text that cannot be encoded there is no right one: who accepts it has replaced something.
    """
    charset, sign_type, data = vector.inputs["charset"], vector.inputs["sign_type"], _bytes(vector)
    if data is None or not bed.subject.supports("sign", sign_type=sign_type, charset=charset):
        return True
    answer = bed.ask("sign", params=vector.inputs["params"], charset=charset, sign_type=sign_type)
    signer = merchant_signer(bed, sign_type)
    return isinstance(answer, Result) and answer.value.get("sign") == signer.sign(data)


# ------------------------------------------------------------------------------------------ who is to blame


def _is_its_own_breach(vector: Vector, matches: Signs, *, charsets: bool = True) -> bool:
    """Say whether a usual breach of the vector's own requirement explains what was signed.

    Raises:
        Blocked: a breach of another requirement does, or may: others of its vectors tell the two apart.
    """
    charset, own = vector.inputs["charset"], vector.flags[0]
    found = blamed(vector.params, charset, matches, charsets=charsets)
    if own in _OF_NAMES and any(matches(text.encode(codec(charset))) for text in without_one(vector.params)):
        found.add("sign.every-parameter")
    if others := found - {own}:
        raise Blocked("see.requirement", requirement=min(others))
    return bool(found)


def _twin_too(bed: Testbed, vector: Vector, op: str, right: Callable[[Testbed, Vector], bool]) -> None:
    """Raise `Blocked` where the message without the edit that this vector is about goes wrong as well."""
    twin = _twins(op).get(vector.twin or "")
    if twin is None or twin.inputs.keys() != vector.inputs.keys() or twin.result == "acceptable":
        return
    if any(twin.inputs[name] != value for name, value in vector.inputs.items() if name != "params"):
        return
    if not bed.once(f"{op} {twin.id}", partial(right, bed, twin)):
        raise Blocked("see.requirement", requirement=f"{twin.flags[0]}[{twin.id}]")


@cache
def _twins(op: str) -> dict[str, Vector]:
    names = SIGNS if op == "sign" else ("presign",)
    return {vector.id: vector for name in names for vector in load(name)}


def _bytes(vector: Vector) -> bytes | None:
    return bytes.fromhex(vector.steps["presign_hex"]) if "presign_hex" in vector.steps else None


def _expected(vector: Vector) -> str:
    return str(vector.steps["presign"])
