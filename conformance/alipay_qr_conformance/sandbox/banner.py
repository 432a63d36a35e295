"""The greeting of a started gateway: what a shop, a script and a person need."""

import unicodedata
from pathlib import Path

from alipay_qr.keys import private_key_forms, public_key_forms
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.sandbox.state import State

_COLUMN = 18
READY = "ready"
"""The last line, in every language: scripts wait for it."""


def banner(
    state: State, db: Path | None, lang: str = "en", *, show_keys: bool = False, verbose: bool = False
) -> str:
    """Return the lines about a sandbox that has started: few, unless more is asked for."""
    trust = str(state.ca_file or "")
    lines = [
        configuration(state.gateway_url, state.keys, ca_file=trust, lang=lang, keys=show_keys or verbose)
    ]
    if not (show_keys or verbose):
        lines.append(_row("greeting.keys", _text("greeting.keys-where", lang), lang))
    if verbose:
        lines += ["", *_more(state, db, trust, lang)]
    elif not state.settings.console:
        lines += _control(state, lang)
    if state.settings.console:
        lines.append(_row("greeting.console", state.console_url, lang))
    return "\n".join([*lines, READY])


def _control(state: State, lang: str) -> list[str]:
    return [
        _row("greeting.control-api", state.control_url, lang),
        _row("greeting.control-token", state.token, lang),
    ]


def _more(state: State, db: Path | None, trust: str, lang: str) -> list[str]:
    ca = f"--cacert {trust} " if trust else ""
    return [
        *_control(state, lang),
        _text("greeting.let-pay", lang),
        f"  curl {ca}-H 'Authorization: Bearer {state.token}' {state.control_url}/pay \\",
        """    -d '{"qrcode": "QRCODE", "total_fee": "12.50", "currency": "USD"}'""",
        "",
        _row("greeting.memory", str(db or _text("greeting.memory-gone", lang)), lang),
        _row("greeting.health", f"{state.server.base_url}/health", lang),
    ]


def configuration(
    url: str, account: TestKeys, *, ca_file: str = "", lang: str = "en", keys: bool = True
) -> str:
    """Return a merchant's configuration, with keys in the forms for PHP and Java if they are wanted."""
    parts = [_row("greeting.url", url, lang), _row("greeting.partner", account.partner, lang)]
    if ca_file:
        parts.append(_row("greeting.trust", ca_file, lang))
    return "\n".join(parts + (_keys(account, lang) if keys else []))


def _keys(keys: TestKeys, lang: str) -> list[str]:
    parts = []
    alipay = keys.alipay_private("RSA")
    if keys.md5_key:  # what a person has brought is a secret; what is published is none
        shown = keys.md5_key if keys.own is None else _text("greeting.from-account", lang)
        parts.append(_row("greeting.shared-key", shown, lang))
    if alipay is not None:
        pem, base64 = public_key_forms(alipay.public_key())
        parts += [
            "",
            _text("greeting.alipay-key", lang),
            pem.strip(),
            _text("greeting.for-java", lang),
            base64,
        ]
    if keys.own is None:
        private = private_key_forms(keys.merchant_private("RSA"))
        parts += [
            "",
            _text("greeting.merchant-key", lang),
            private.pkcs1_pem.strip(),
            _text("greeting.for-java", lang),
            private.pkcs8_base64,
        ]
    return parts


def _row(key: str, value: str, lang: str) -> str:
    """Return a label and its value; a Chinese character is two columns wide."""
    label = _text(key, lang)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in label)
    return f"{label.ljust(_COLUMN - wide)}{value}"


def _text(key: str, lang: str) -> str:
    return message(key).in_language(lang)
