"""Everybody who answers vectors about charsets, key texts, RSA signatures, bytes on the wire and responses.

The faulty ones stand in a module for each topic; `RIGHT` says who is right.
"""

from zoo import (
    answerers_bytes,
    answerers_charsets,
    answerers_escapes,
    answerers_forms,
    answerers_keys,
    answerers_responses,
    answerers_signed_part,
    answerers_signs,
    answerers_xml,
)

RIGHT = {
    "charset": answerers_charsets.Charset,
    "keys": answerers_keys.Keys,
    "verify_notification": answerers_signs.Rsa,
    "verify_response": answerers_responses.Response,
    "wire": answerers_bytes.Bytes,
}
"""Who is right about each kind."""

MODULES = (
    answerers_charsets,
    answerers_escapes,
    answerers_forms,
    answerers_keys,
    answerers_responses,
    answerers_signed_part,
    answerers_signs,
    answerers_xml,
)
"""Where the faulty ones stand."""
