"""Bytes <-> values: requests, response XML, notifications; bounded, no I/O.

form          application/x-www-form-urlencoded in the protocol's charsets
request       get_url, post_parts; read_request, which never raises
response      read_response, encode_response, encode_error
notification  read_notification, encode_notification
"""

from alipay_qr.wire.form import MAX_BYTES, MAX_FIELDS, decode_form, encode_form, quote, split_form
from alipay_qr.wire.notification import encode_notification, notification_charset, read_notification
from alipay_qr.wire.request import Irregularity, Reading, Request, get_url, post_parts, read_request
from alipay_qr.wire.response import (
    Response,
    encode_error,
    encode_response,
    read_response,
    response_presign_params,
)

__all__ = [
    "MAX_BYTES",
    "MAX_FIELDS",
    "Irregularity",
    "Reading",
    "Request",
    "Response",
    "decode_form",
    "encode_error",
    "encode_form",
    "encode_notification",
    "encode_response",
    "get_url",
    "notification_charset",
    "post_parts",
    "quote",
    "read_notification",
    "read_request",
    "read_response",
    "response_presign_params",
    "split_form",
]
