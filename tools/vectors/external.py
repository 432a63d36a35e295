"""Signatures that others published, made by their code and not by ours: the strongest golden data there is.

``published.json`` holds what the sources hold: parameters, key and sign, for some the pre-sign string.
Everything between is computed here, and must lead to the published sign. Only public keys were taken: of
an RSA signature it is shown that it holds, and PKCS#1 v1.5 has no second one that does.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from tools.vectors import keys, signers
from tools.vectors.case import SET
from tools.vectors.steps import digest_steps, presign_steps

_PUBLISHED: Final = Path(__file__).parent / "published.json"
_FLAGS: Final = {"MD5": "sign.md5.digest", "RSA": "sign.rsa.digest", "RSA2": "sign.rsa2.digest"}
_MORE_FLAGS: Final = {
    "external-ruby-seedkey-md5-1": ["sign.value.whitespace", "sign.order"],
    "external-ruby-xxxx-md5-1": ["sign.charset", "sign.value.raw"],
    "external-chloerei-c99f75f-alipay-commerce-qrcode-create": ["sign.value.verbatim"],
    "external-createandpay-rsa-gbk-response-20190226": ["sign.charset"],
}


class NotReproducedError(AssertionError):
    """A published signature does not come out of the published inputs."""


def signs() -> list[dict[str, Any]]:
    """Return the groups of requests whose sign was published."""
    return list(_groups("params"))


def digests() -> list[dict[str, Any]]:
    """Return the groups of texts of other products whose signature was published."""
    return list(_groups("message"))


def _groups(input_name: str) -> Iterator[dict[str, Any]]:
    rows = [row for row in json.loads(_PUBLISHED.read_text("utf-8")) if input_name in row]
    for (name, licence, inputs), members in groupby(
        rows, key=lambda row: (row["source"], row["licence"], _inputs(row))
    ):
        tests = [_test(row, input_name) for row in members]
        yield {"source": {"name": name, "licence": licence}, "inputs": inputs, "tests": tests}


def _inputs(row: Mapping[str, Any]) -> dict[str, Any]:
    inputs = {"sign_type": row["sign_type"], "charset": row["charset"]}
    if row["sign_type"] == "MD5":
        return {**inputs, "md5_key": row["md5_key"]}
    return {**inputs, "merchant_public_key": keys.public_forms(row["merchant_public_key"])}


def _test(row: Mapping[str, Any], input_name: str) -> dict[str, Any]:
    if input_name == "params":
        steps = presign_steps([(name, value) for name, value in row["params"]], row["charset"])
        if row.get("presign") not in {None, steps["presign"]}:
            raise NotReproducedError(f"{row['id']}: the published pre-sign string is {row['presign']!r}")
        message = bytes.fromhex(steps["presign_hex"])
    else:
        message = row["message"].encode()
        steps = {"message_hex": message.hex()}
    steps |= _digest_and_sign(row, message)
    if steps["sign"] != row["sign"]:
        raise NotReproducedError(f"{row['id']}: published {row['sign']}, computed {steps['sign']}")
    return {
        "id": row["id"],
        "comment": row["comment"],
        "inputs": {input_name: row[input_name]},
        "steps": steps,
        "result": "valid",
        "flags": [_FLAGS[row["sign_type"]], *_MORE_FLAGS.get(row["id"], [])],
        "since": SET,
    }


def _digest_and_sign(row: Mapping[str, Any], message: bytes) -> dict[str, Any]:
    if row["sign_type"] == "MD5":
        return digest_steps(message, row, None)
    public = keys.public_forms(row["merchant_public_key"])["pem"]
    if not signers.rsa_holds(row["sign_type"], message, base64.b64decode(row["sign"]), public):
        raise NotReproducedError(f"{row['id']}: the published signature does not hold")
    return {"digest_hex": signers.digest_hex(row["sign_type"], message), "sign": row["sign"]}
