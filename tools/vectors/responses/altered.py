"""Responses that prove nothing: changed on the way, of another request, or signed by somebody else."""

from collections.abc import Iterator

from alipay_qr.presign import presign
from alipay_qr.signing import Md5, RsaSigner
from tools.vectors import keys
from tools.vectors.forgery.forge import Forge
from tools.vectors.forgery.letter import as_text
from tools.vectors.responses.believed import a_cancel, a_create, a_refund, a_refund_that_failed
from tools.vectors.responses.envelope import (
    CANCEL,
    CREATE,
    REFUND,
    RSA,
    Alipay,
    Letter,
    Service,
    edited,
    element,
    response,
    responses,
)

UNPROVED = "response.unproved"
BELONGS = "response.belongs"
Letters = Iterator[tuple[str, str, Letter]]
_NOTHING = {"outcome": "unknown"}


def _over_xml(alipay: Alipay) -> str:
    return alipay.signing.signer.sign("".join(element(*pair) for pair in REFUND.children).encode())


@responses(UNPROVED, "verify.reject.changed", twin=a_refund, result="invalid", says=_NOTHING)
def a_refund_that_was_changed(alipay: Alipay) -> Letters:
    """One piece of a genuine response was changed after signing."""
    for slug, comment, old, new in (
        ("amount", "Here: the amount.", "<refund_amount>0.10<", "<refund_amount>0.01<"),
        ("currency", "Here: the currency.", "<currency>USD<", "<currency>JPY<"),
        ("number", "Here: a digit of the trade's number at Alipay.", "200012345<", "200012346<"),
        ("case", "Here: the currency is in small letters.", "<currency>USD<", "<currency>usd<"),
        ("zero-dropped", "Here: a zero of the amount is gone: the same number, another text.", "<refund_amount>0.10<", "<refund_amount>0.1<"),
        ("blank-inside", "Here: a blank was added within the amount.", "<refund_amount>0.10<", "<refund_amount>0. 10<"),
        ("ideographic-blank", "Here: an ideographic blank was added behind the currency; it is not trimmed.", "<currency>USD<", "<currency>USD\u3000<"),
        ("child-added", "Here: a child was added.", "<currency>USD</currency>", "<currency>USD</currency><exchange_rate>1</exchange_rate>"),
        ("child-removed", "Here: a child is gone.", "<currency>USD</currency>", ""),
        ("child-renamed", "Here: a child has another name.", "<currency>USD</currency>", "<currencies>USD</currencies>"),
        ("children-exchanged", "Here: two children have each other's values.", "<refund_amount>0.10</refund_amount><currency>USD<", "<refund_amount>USD</refund_amount><currency>0.10<"),
        ("escaped-once-more", "Here: a letter of the currency was written as a reference that was escaped.", "<currency>USD<", "<currency>&amp;#85;SD<"),
        ("url-escape", "Here: a letter was written as an escape of URLs.", "<currency>USD<", "<currency>%55SD<"),
        ("boundary-moved", "Here: the currency has become part of the amount's text.", "<refund_amount>0.10</refund_amount>", "<refund_amount>0.10&amp;x=1</refund_amount>"),
    ):  # fmt: skip
        yield slug, comment, alipay.answer(REFUND, edit=(old, new))


@responses(UNPROVED, "verify.reject.changed", twin=a_refund_that_failed, result="invalid", says=_NOTHING)
def a_failure_that_was_changed(alipay: Alipay) -> Letters:
    """The refund failed, and somebody made a success of it."""
    failed = edited(REFUND.children, result_code="FAILED", error="RETURN_AMOUNT_EXCEED")
    for slug, comment, old, new in (
        ("result", "Here: result_code was changed.", "<result_code>FAILED<", "<result_code>SUCCESS<"),
        ("result-added", "Here: a second result_code stands behind the first.", "<result_code>FAILED</result_code>", "<result_code>FAILED</result_code><result_code>SUCCESS</result_code>"),
        ("result-before", "Here: a second result_code stands before the first.", "<result_code>FAILED</result_code>", "<result_code>SUCCESS</result_code><result_code>FAILED</result_code>"),
        ("second-container", "Here: a second child of <response> says SUCCESS.", "</alipay></response>", "</alipay><trade><result_code>SUCCESS</result_code></trade></response>"),
        ("first-container", "Here: another child of <response> stands first and says SUCCESS.", "<response>", "<response><trade><result_code>SUCCESS</result_code></trade>"),
        ("second-response", "Here: a second <response> says SUCCESS.", "</response>", "</response><response><alipay><result_code>SUCCESS</result_code></alipay></response>"),
        ("comment", "Here: the word FAILED stands in a comment, and SUCCESS behind it.", "<result_code>FAILED<", "<result_code><!--FAILED-->SUCCESS<"),
        ("nested", "Here: result_code holds elements, one of which says SUCCESS.", "<result_code>FAILED<", "<result_code><a>FAILED</a><result_code>SUCCESS</result_code><"),
        ("entity", "Here: an entity stands for SUCCESS.", "<result_code>FAILED<", "<result_code>&s;<"),
        ("in-small-letters", "Here: the error is gone and the result in another case.", "<result_code>FAILED<", "<result_code>Success<"),
    ):  # fmt: skip
        yield slug, comment, alipay.answer(REFUND, children=failed, edit=(old, new))
    doctype = '<!DOCTYPE alipay [<!ENTITY s "FAILED">]><alipay>'
    yield (
        "dtd",
        "Here: nothing but a document type was added.",
        alipay.answer(REFUND, children=failed, edit=("<alipay>", doctype)),
    )


@responses(UNPROVED, "verify.reject.no-sign", twin=a_refund, result="invalid", says=_NOTHING)
def without_its_sign(alipay: Alipay) -> Letters:
    """A success without a sign where the sign belongs."""
    sign = alipay.sign(REFUND.children)
    sealed, kind = element("sign", sign), element("sign_type", alipay.sign_type)
    for slug, comment, new in (
        ("sign", "Here: there is no sign.", kind),
        ("both", "Here: there is neither sign nor sign_type.", ""),
        ("empty", "Here: the sign is empty.", f"<sign></sign>{kind}"),
        ("self-closing", "Here: the sign is an empty element.", f"<sign/>{kind}"),
        ("blank", "Here: the sign is a blank.", f"<sign> </sign>{kind}"),
        ("attribute", "Here: the sign is an attribute.", f'<sign value="{sign}"/>{kind}'),
        ("capitals", "Here: its element is named SIGN.", f"<SIGN>{sign}</SIGN>{kind}"),
        ("in-a-comment", "Here: the sign stands in a comment.", f"<!--{sealed}-->{kind}"),
        ("twice", "Here: another sign stands behind it.", f"{sealed}<sign>x</sign>{kind}"),
    ):
        yield slug, comment, alipay.answer(REFUND, edit=(sealed + kind, new))
    moved = alipay.answer(REFUND, edit=(sealed + kind, kind)).data.replace(
        b"</alipay></response>", sealed.encode() + b"</alipay></response>"
    )
    yield (
        "moved-inside",
        "Here: the sign stands among the children that it covers.",
        Letter(REFUND.sent, moved),
    )


@responses(UNPROVED, "verify.reject.bad-sign", twin=a_refund, result="invalid", says=_NOTHING)
def with_a_bad_sign(alipay: Alipay) -> Letters:
    """The sign is damaged, or covers something else."""
    sign = alipay.sign(REFUND.children)
    with_success = edited(REFUND.children, is_success="T")
    for slug, comment, given in (
        ("first-half", "Here: only its first half came.", sign[: len(sign) // 2 // 4 * 4]),
        ("other-character", "Here: its first character is another.", ("0" if sign[0] != "0" else "1") + sign[1:]),
        ("turned-round", "Here: it is turned round.", sign[::-1]),
        ("of-another-response", "Here: it is that of a response to CANCEL.", alipay.sign(CANCEL.children)),
        ("of-the-request", "Here: it covers the request that was sent.", alipay.sign(REFUND.sent)),
        ("of-nothing", "Here: it covers nothing.", alipay.sign(())),
        ("with-is-success", "Here: it covers is_success, too.", alipay.sign(with_success)),
        ("with-container", "Here: it covers the XML of the children.", _over_xml(alipay)),
        ("word", "Here: it is the word true.", "true"),
    ):  # fmt: skip
        yield slug, comment, alipay.answer(REFUND, sign=given)


@responses(UNPROVED, "verify.reject.other-key", twin=a_refund, result="invalid", says=_NOTHING)
def signed_by_somebody_else(alipay: Alipay) -> Letters:
    """The sign is flawless, and not Alipay's."""
    text = presign(REFUND.children)
    if alipay.sign_type == "MD5":
        strangers, own = Md5("1" + "0" * 31).sign(text), Md5(keys.MD5_KEY.upper()).sign(text)
        yield "stranger", "Here: with somebody else's key.", alipay.answer(REFUND, sign=strangers)
        yield (
            "own-key",
            "Here: with the merchant's own key, spelt or used otherwise.",
            alipay.answer(REFUND, sign=own),
        )
        return
    for slug, comment, pair in (
        ("stranger", "Here: with somebody else's key.", keys.stranger(alipay.sign_type)),
        (
            "own-key",
            "Here: with the merchant's own key, spelt or used otherwise.",
            keys.merchant(alipay.sign_type),
        ),
    ):
        signer = RsaSigner(keys.private_key(pair.private_pem), alipay.sign_type)
        yield slug, comment, alipay.answer(REFUND, sign=signer.sign(text))


@responses(UNPROVED, "verify.reject.other-type", twin=a_refund, result="invalid", says=_NOTHING)
def of_another_sign_type(alipay: Alipay) -> Letters:
    """The response names another sign type than the account's."""
    kind = element("sign_type", alipay.sign_type)
    for name in ("MD5", "RSA", "RSA2", "DSA", "none", ""):
        if name != alipay.sign_type:
            comment = f"Here: {name or 'an empty one'}, over a sign that is right for {alipay.sign_type}."
            yield (
                name.lower() or "empty",
                comment.replace(
                    f" over a sign that is right for {alipay.sign_type}",
                    " over a sign that is right for the account's",
                ),
                alipay.answer(REFUND, edit=(kind, element("sign_type", name))),
            )


@responses(UNPROVED, "verify.reject.other-type", twin=a_refund, result="invalid", says=_NOTHING, only=RSA)
def talked_down_to_md5(alipay: Alipay) -> Letters:
    """The response says MD5, and its sign is an MD5 that anybody can make."""
    text = presign(REFUND.children)
    kind, md5 = element("sign_type", alipay.sign_type), element("sign_type", "MD5")
    public = keys.alipay(alipay.sign_type).public_forms
    for slug, comment, key in (
        ("public-key", "Here: with Alipay's public key for its key.", public["base64"]),
        (
            "merchants-key",
            "Here: with the merchant's MD5 key, which this account does not use.",
            keys.MD5_KEY,
        ),
    ):
        yield slug, comment, alipay.answer(REFUND, sign=Md5(key).sign(text), edit=(kind, md5))


@responses(UNPROVED, "verify.reject.bad-sign", twin=a_refund, result="invalid", says=_NOTHING, only=RSA)
def forged_in_numbers(alipay: Alipay) -> Letters:
    """An RSA signature that only a careless verifier accepts; there are many more of them among the notifications."""
    forge = Forge(alipay.signing, REFUND.children)
    right = int.from_bytes(forge.right, "big")
    for slug, comment, signature in (
        ("zero", "Here: the number 0.", forge.fit(0)),
        ("plus-modulus", "Here: the right number plus the modulus.", (right + forge.n).to_bytes(forge.size + 1, "big")),
        ("garbage-behind", "Here: eight bytes stand behind the digest.", forge.close(forge.block(forge.info, behind=b"\x2a" * 8))),
        ("bare-digest", "Here: the digest without the name of its hash.", forge.close(forge.block(forge.digest))),
    ):  # fmt: skip
        yield slug, comment, alipay.answer(REFUND, sign=as_text(signature))


@responses(BELONGS, twin=a_refund, result="invalid", says=_NOTHING)
def of_another_refund(alipay: Alipay) -> Letters:
    """Genuine and signed, and the answer to another request of the same shop: it proves nothing about this one."""
    for slug, comment, changes in (
        ("refund-id", "Here: of another refund of the same trade.", {"partner_refund_id": "R2026112300002"}),
        ("trade", "Here: of a refund of another trade.", {"partner_trans_id": "2026112300002"}),
        ("amount", "Here: of another amount.", {"refund_amount": "10.10"}),
        ("currency", "Here: in another currency.", {"currency": "JPY"}),
    ):
        yield slug, comment, alipay.answer(REFUND, children=edited(REFUND.children, **changes))


@response(BELONGS, twin=a_cancel, result="invalid", says=_NOTHING)
def of_another_cancel(alipay: Alipay) -> Letter:
    """Genuine and signed, and the answer to the CANCEL of another trade."""
    return alipay.answer(CANCEL, children=edited(CANCEL.children, out_trade_no="2026112300002"))


@response("response.other-service", BELONGS, twin=a_refund, result="invalid", says=_NOTHING)
def of_another_service(alipay: Alipay) -> Letter:
    """The genuine answer to a CREATE, handed to whoever waits for a REFUND: SUCCESS, signed, of something else."""
    return Letter(REFUND.sent, alipay.answer(CREATE).data)


@response("response.other-service", BELONGS, twin=a_create, result="invalid", says=_NOTHING)
def of_a_service_without_a_code(alipay: Alipay) -> Letter:
    """The genuine answer to a CANCEL, handed to whoever waits for a CREATE: it names no code."""
    return Letter(CREATE.sent, alipay.answer(CANCEL).data)


@response(BELONGS, twin=a_cancel, result="invalid", says=_NOTHING)
def whose_echo_differs(alipay: Alipay) -> Letter:
    """Its echo of the request names another trade; the echo is not signed, and shows a confusion all the same (inferred)."""
    other = Service(edited(CANCEL.sent, out_trade_no="2026112300002"), CANCEL.children)
    return Letter(CANCEL.sent, alipay.answer(other).data)
