"""Level 1, property-based: any parameter set, any text that the charset can hold."""

import base64
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from alipay_qr.presign import codec, presign
from alipay_qr_conformance.checks.sign import DIGESTS, PLAIN, ask_sign, compare_sign
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import CHARSETS, Setup
from alipay_qr_conformance.model.texts import sample
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.properties import for_all
from alipay_qr_conformance.testbed.testbed import Testbed

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_NAMES = "abcdefghijklmnopqrstuvwxyzABCXYZ_0123456789.-"
_ASCII = "0aZ +&=%\"'<>/\\\n\t"
_USUAL: Final = 128
_EXAMPLES: Final = 80
"""At the usual depth; the vectors hold each mistake by itself, and these what none of them foresees."""

SIGNED: Final = {f"sign/{charset}": Setup("MD5", charset, exact=True) for charset in CHARSETS} | {
    "sign/RSA": Setup("RSA")
}
SHOWN: Final = {f"presign/{charset}": Setup("MD5", charset, exact=True) for charset in CHARSETS}


def _only(setup: Setup) -> tuple[Setup]:
    return (setup,)


def texts_in(charset: str) -> "SearchStrategy[str]":
    """Return a strategy for texts of at most twenty characters of ``charset``."""
    from hypothesis import strategies as st

    common, every = _ASCII + sample(f"characters.{charset}"), _characters(charset)
    # not st.text, whose table of all characters takes half a second in each process; and bytes are drawn at
    # once, where a list is drawn character by character
    return st.binary(max_size=20).map(lambda drawn: _text(drawn, common, every))


def _text(drawn: bytes, common: str, every: str) -> str:
    """Return a text: small bytes stand for usual characters, one above for any, with the two behind it."""
    found, rest = [], iter(drawn)
    for byte in rest:
        if byte < _USUAL:
            found.append(common[byte % len(common)])
        else:
            place = (byte - _USUAL) << 16 | next(rest, 0) << 8 | next(rest, 0)
            found.append(every[place % len(every)])
    return "".join(found)


@cache
def messages_in(charset: str) -> "SearchStrategy[tuple[tuple[str, str | None], ...]]":
    """Return a strategy for parameter lists with distinct names and text of ``charset``."""
    from hypothesis import strategies as st

    words = st.binary(min_size=1, max_size=8).map(
        lambda drawn: "".join(_NAMES[each % len(_NAMES)] for each in drawn)
    )
    names = st.one_of(st.sampled_from(_REAL_NAMES), words)
    values = st.one_of(st.sampled_from(_REAL_VALUES), texts_in(charset))
    rows = st.dictionaries(names, values, min_size=1, max_size=12)
    return rows.map(
        lambda found: tuple((k, charset if k == "_input_charset" else v) for k, v in found.items())
    )


@cache
def _characters(charset: str) -> str:
    """Return the characters of a charset but NUL, those of UTF-8 beyond the BMP by one in each 61."""
    name = codec(charset)
    far = range(0x10000, 0x110000, 61) if name == "utf-8" else ()
    near = (*range(1, 0xD800), *range(0xE000, 0x10000))
    return "".join(map(chr, (*near, *far))).encode(name, "ignore").decode(name)


_REAL_NAMES = [
    "_input_charset",
    "biz_data",
    "notify_url",
    "out_trade_no",
    "partner",
    "sendFormat",
    "service",
    "sign",
    "sign_type",
    "subject",
    *("2", "10", "1", "A", "a", "a.", "a_", "a1"),
]
_REAL_VALUES = [None, "", " ", "0", "null", "a b", "1.00", "%41", "+", "&amp;", '{"a": "/"}', "x=1&y=2"]


@check("sign.any-message", needs=("sign",), each=SIGNED, setups=_only, once_only=True)
def sign(bed: Testbed, _: Setup) -> None:
    """Sign any parameter set, any text that the charset can hold."""
    charset, sign_type = bed.setup.charset, bed.setup.sign_type
    signer = bed.keys.merchant_signer(sign_type)
    if signer is None or ask_sign(bed, PLAIN, "UTF-8", sign_type) != signer.sign(presign(PLAIN)):
        raise Blocked("see.digest", requirement=DIGESTS[sign_type])

    def body(params: Any) -> None:
        with suppress(Unsupported):  # it may decline what no page makes legal
            compare_sign(params, charset, signer, ask_sign(bed, params, charset, sign_type))

    for_all(messages_in(charset), body, examples=bed.plan.examples(_EXAMPLES), seed=bed.plan.seed)


@check("sign.any-message", needs=("presign",), each=SHOWN, setups=_only, once_only=True)
def shown_text(bed: Testbed, _: Setup) -> None:
    """Show the signed text of any parameter set."""
    charset = bed.setup.charset

    def body(params: Any) -> None:
        answer = bed.ask("presign", params=[list(pair) for pair in params], charset=charset)
        if not isinstance(answer, Result):
            return
        expected = presign(params, charset)
        shown = answer.value.get("text")
        raw = shown.encode(codec(charset), "replace") if isinstance(shown, str) else b""
        if not isinstance(shown, str):
            raw = base64.b64decode(str(answer.value.get("base64", "")))
        if raw != expected:
            evidence = {"parameters": params, "charset": charset}
            texts = {"expected_presign": expected, "signed_presign": raw}
            raise Failed(
                "presign.differs",
                evidence | {k: v.decode(codec(charset), "replace") for k, v in texts.items()},
            )

    for_all(messages_in(charset), body, examples=bed.plan.examples(_EXAMPLES), seed=bed.plan.seed)
