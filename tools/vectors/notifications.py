"""From the letters of `forgery` to ``verify_notification.json``.

Each letter is built for its sign types. The steps tell the sign that Alipay would have made, by three
libraries; and for every signature that can be judged as one, the same three must agree with the result.
"""

import base64
import binascii
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from alipay_qr.errors import Unencodable
from alipay_qr.keys import load_public_key
from alipay_qr.signing import Md5, RsaVerifier, Verifier, verify_params
from tools.vectors import keys, signers
from tools.vectors.forgery import blocks, changed, cube, honest, rsa, signs
from tools.vectors.forgery.letter import ALL, RSA, Alipay, Letter, letters_of
from tools.vectors.requests import CHARSETS, OURS
from tools.vectors.steps import Pairs, sign_steps


class DoubtfulError(AssertionError):
    """A vector says one thing, and an implementation another."""


LETTERS: Final = letters_of((honest, changed, signs, rsa, blocks))
OF_EXPONENT_3: Final = letters_of((cube,))


def groups() -> list[dict[str, Any]]:
    """Return one group a sign type and charset."""
    made = []
    for sign_type in ALL:
        for charset in CHARSETS:
            alipay = Alipay(sign_type, charset)
            members = [each for each in LETTERS if sign_type in each.sign_types and each.charset == charset]
            made.append(_group(alipay, members, sign_type.lower()))
    for sign_type in RSA:
        members = [each for each in OF_EXPONENT_3 if sign_type in each.sign_types]
        made.append(_group(cube.AlipayOfExponent3(sign_type), members, f"{sign_type.lower()}-e3"))
    return made


def _group(alipay: Alipay, members: list[Letter], name: str) -> dict[str, Any]:
    with ThreadPoolExecutor(2) as pool:  # the time goes into the openssl command
        tests = list(pool.map(lambda letter: _test(letter, alipay, f"notification-{name}"), members))
    return {"source": OURS, "inputs": alipay.inputs(), "tests": tests}


def _test(letter: Letter, alipay: Alipay, prefix: str) -> dict[str, Any]:
    params = letter.build(alipay)
    steps = sign_steps(params, alipay.inputs(), alipay.private_pem)
    if letter.result != "acceptable":
        _agree(letter, alipay, params, steps)
    return {
        "id": f"{prefix}-{letter.slug}",
        "comment": letter.comment,
        "inputs": {"params": params},
        "steps": steps,
        "result": letter.result,
        "flags": list(letter.flags),
        **({"twin": f"{prefix}-{letter.twin}"} if letter.twin else {}),
        "since": letter.since,
    }


def _agree(letter: Letter, alipay: Alipay, params: Pairs, steps: dict[str, Any]) -> None:
    """Raise `DoubtfulError` unless our own verifier, and three libraries where they can, say the result."""
    try:
        ours = verify_params(params, _verifier(alipay), alipay.charset)
    except Unencodable:
        ours = False
    answers = {"this project": ours}
    fields = dict(params)
    told = fields.get("sign_type") == alipay.sign_type and len(fields) == len(params)
    if told and "presign_hex" in steps:
        answers["the libraries"] = _libraries(alipay, steps, fields.get("sign") or "")
    if set(answers.values()) != {letter.result == "valid"}:
        raise DoubtfulError(f"{alipay.sign_type} {letter.slug} is to be {letter.result}, but: {answers}")


def _libraries(alipay: Alipay, steps: dict[str, Any], sign: str) -> bool:
    if alipay.sign_type == "MD5":
        return bool(steps["sign"] == sign)
    try:
        signature = base64.b64decode(sign, validate=True)
    except (binascii.Error, ValueError):
        return False
    message = bytes.fromhex(steps["presign_hex"])
    return signers.rsa_holds(alipay.sign_type, message, signature, alipay.pair.public_pem)


def _verifier(alipay: Alipay) -> Verifier:
    if alipay.sign_type == "MD5":
        return Md5(keys.MD5_KEY)
    return RsaVerifier(load_public_key(alipay.pair.public_pem), alipay.sign_type)
