"""From the cases of `text` to files: the pre-sign string of each, and its sign by each sign type."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from alipay_qr.signing import Md5, RsaSigner, Signer
from tools.vectors import keys, text
from tools.vectors.case import Case
from tools.vectors.steps import presign_steps, sign_steps

OURS: Final = {"name": "this project", "licence": "CC0-1.0"}
CHARSETS: Final = ("UTF-8", "GBK", "GB2312")
DIGEST_FLAGS: Final = {"MD5": "sign.md5.digest", "RSA": "sign.rsa.digest", "RSA2": "sign.rsa2.digest"}


def presign_groups() -> list[dict[str, Any]]:
    """Return one group a charset: parameters, and the bytes that are signed."""
    return [
        {"source": OURS, "inputs": {"charset": charset}, "tests": [_presign_test(case) for case in members]}
        for charset, members in _by_charset(text.cases())
    ]


def sign_groups(sign_type: str, more: Iterable[Case] = ()) -> list[dict[str, Any]]:
    """Return one group a charset: parameters, key, and the sign; ``more`` are of this sign type only."""
    groups = []
    for charset, members in _by_charset([*text.cases(), *more]):
        inputs = sign_inputs(sign_type, charset)
        with ThreadPoolExecutor(2) as pool:  # the time goes into the openssl command
            tests = list(pool.map(lambda case, inputs=inputs: sign_test(case, inputs), members))
        groups.append({"source": OURS, "inputs": inputs, "tests": tests})
    return groups


def sign_inputs(sign_type: str, charset: str) -> dict[str, Any]:
    """Return the inputs of a group in which the merchant signs."""
    inputs = {"sign_type": sign_type, "charset": charset}
    if sign_type == "MD5":
        return {**inputs, "md5_key": keys.MD5_KEY}
    pair = keys.merchant(sign_type)
    return {
        **inputs,
        "merchant_private_key": pair.private_forms,
        "merchant_public_key": pair.public_forms,
    }


def signer(sign_type: str) -> Signer:
    """Return what signs for the merchant; for searches only, golden signs come from `signers`."""
    if sign_type == "MD5":
        return Md5(keys.MD5_KEY)
    return RsaSigner(keys.private_key(keys.merchant(sign_type).private_pem), sign_type)


def test_of(case: Case, prefix: str, steps: dict[str, Any]) -> dict[str, Any]:
    """Return a vector as it stands in a file."""
    twin = {"twin": f"{prefix}-{case.twin}"} if case.twin else {}
    return {
        "id": f"{prefix}-{case.slug}",
        "comment": case.comment,
        "inputs": {"params": case.params},
        "steps": steps,
        "result": case.result,
        "flags": list(case.flags),
        **twin,
        "since": case.since,
    }


def _presign_test(case: Case) -> dict[str, Any]:
    return test_of(case, "presign", presign_steps(case.params, case.charset))


def sign_test(case: Case, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return a vector in which the merchant signs."""
    sign_type = inputs["sign_type"]
    private_pem = None if sign_type == "MD5" else keys.merchant(sign_type).private_pem
    return test_of(case, sign_type.lower(), sign_steps(case.params, inputs, private_pem))


def _by_charset(cases: Iterable[Case]) -> Iterator[tuple[str, list[Case]]]:
    cases = list(cases)
    for charset in CHARSETS:
        if members := [case for case in cases if case.charset == charset]:
            yield charset, members
