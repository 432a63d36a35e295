"""Notifications: the form that Alipay posts to ``notify_url``, bytes <-> pairs.

Reading is strict (`decode_form`): a defect in the bytes is a `WireError`, and the sender's fault. A name
that stands twice is kept twice; `alipay_qr.signing.verify_params` refuses such a message.

Codes besides those of `alipay_qr.wire.form`: ``notification.content-type``, ``notification.charset``.
"""

from alipay_qr.errors import WireError
from alipay_qr.presign import CHARSETS, Params, codec
from alipay_qr.wire.form import FORM_TYPE, content_type_charset, decode_form, encode_form, printable


def encode_notification(params: Params, charset: str) -> bytes:
    """Return the body of a notification.

    Raises:
        UnknownCharset: ``charset`` is none of the protocol's.
        Unencodable: a character does not exist in ``charset``.
    """
    return encode_form(params, charset).encode("ascii")


def notification_charset(content_type: str, charset: str) -> str:
    """Return a notification's charset: its Content-Type's, else ``charset``.

    Verify the signature with it too: the signed bytes are those of this charset.

    Raises:
        UnknownCharset: ``charset`` is none of the protocol's.
        WireError: the Content-Type is no form, or names another charset.
    """
    codec(charset)
    media_type, named = content_type_charset(content_type)
    if media_type not in ("", FORM_TYPE):
        raise WireError(
            f"Content-Type {printable(media_type)!r} is no form",
            code="notification.content-type",
            hint=f"send {FORM_TYPE}",
        )
    chosen = named or charset.upper()
    if chosen not in CHARSETS:
        raise WireError(
            f"Content-Type names the charset {printable(named)!r}",
            code="notification.charset",
            hint=f"use {', '.join(CHARSETS)}",
        )
    return chosen


def read_notification(body: bytes, content_type: str, charset: str) -> list[tuple[str, str]]:
    """Return the pairs of a notification, in their order.

    A ``+`` of a base64 ``sign`` that was sent without being percent-encoded arrives as a blank. Base64
    has no blanks, so in ``sign``, and nowhere else, each blank becomes the plus that it was (as the Java
    SDK melitigo/AlipaySDK does).

    Args:
        body: the bytes of the body, at most 1 MiB and 1,000 fields.
        content_type: the Content-Type header, or an empty text.
        charset: what to read with where the Content-Type names no charset; see `notification_charset`.

    Raises:
        UnknownCharset: ``charset`` is none of the protocol's.
        WireError: the body is no notification.
    """
    pairs = decode_form(body, notification_charset(content_type, charset))
    return [(name, value.replace(" ", "+") if name == "sign" else value) for name, value in pairs]
