"""The page for a browser: files that need no token, and pictures that do.

    GET /console               the console          GET /console/pay/CODE       a code's wallet page
    GET /console/console.js, console.css            GET /console/qr/CODE.svg    the picture of a code

The pages hold no datum of the shop and no secret: their script asks the control API for all of it. The token
stands in the fragment of the link, which a browser sends to nobody.
"""

import hmac
import io
import json
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final
from urllib.parse import unquote

from alipay_qr_conformance.gateway import Answer, HttpRequest
from alipay_qr_conformance.model.texts import interface, say
from alipay_qr_conformance.sandbox.acts import find_code
from alipay_qr_conformance.sandbox.fault_names import NAMES
from alipay_qr_conformance.sandbox.state import CONSOLE_PATH, State

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src blob: data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = (
    ("Content-Security-Policy", _POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cache-Control", "no-store"),
)
_SCRIPT: Final = "console.js."
_PLACE: Final = re.compile(r"\{([a-z][a-z.-]*)\}")
_FILES: Final = {"console.js": "text/javascript;charset=utf-8", "console.css": "text/css;charset=utf-8"}


class Console:
    """The handler of everything below `CONSOLE_PATH`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __call__(self, http: HttpRequest) -> Answer:
        """Answer one request of a browser."""
        if http.request.method not in {"GET", "HEAD"}:
            return _plain("another method, please", 405)
        name, _, key = http.path.removeprefix(CONSOLE_PATH).strip("/").partition("/")
        lang = "zh" if b"lang=zh" in http.request.query else "en"
        if not name:
            return Answer(page("console.html", lang), 200, "text/html;charset=utf-8", headers=_HEADERS)
        if name == "pay" and key:
            return Answer(page("wallet.html", lang), 200, "text/html;charset=utf-8", headers=_HEADERS)
        if name in _FILES and not key:
            return Answer(asset(name).encode(), 200, _FILES[name], headers=_HEADERS)
        if name == "qr" and key.endswith(".svg"):
            return self._picture(http, unquote(key.removesuffix(".svg")))
        return _plain("there is no such thing here", 404)

    def _picture(self, http: HttpRequest, name: str) -> Answer:
        """Return the QR image of a code's wallet page, which holds that code's secret."""
        scheme, _, token = http.header("authorization").partition(" ")
        given = token.encode("latin-1") if scheme.lower() == "bearer" else b""
        if not hmac.compare_digest(given, self._state.token.encode()):
            return _plain("no token, or a wrong one", 403)
        found = find_code(self._state, name)
        if found is None:
            return _plain("there is no such code", 404)
        picture = qr_svg(self._state.pay_url(found.qrcode))
        if picture is None:
            return _plain('pip install "alipay-qr-conformance[console]" shows codes as pictures', 501)
        return Answer(picture, 200, "image/svg+xml", headers=_HEADERS)


def qr_svg(text: str) -> bytes | None:
    """Return a text as a QR image; None without the extra ``console``."""
    try:
        import segno
    except ImportError:
        return None
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=4, border=4, dark="#000", light="#fff"
    )
    return out.getvalue()


@cache
def page(name: str, lang: str) -> bytes:
    """Return a page with its sentences in a language; the script finds its own in an attribute."""
    spoken = {key: text.in_language(lang) for key, text in interface().items() if key.startswith(_SCRIPT)}
    words = json.dumps({key.removeprefix(_SCRIPT): text for key, text in spoken.items()}, ensure_ascii=False)
    made = {
        "lang": "zh-CN" if lang == "zh" else "en",
        "words": escape(words),
        "faults": "".join(f"<option>{each}</option>" for each in NAMES),
    }

    def fill(found: re.Match[str]) -> str:
        key = found[1]
        return made[key] if key in made else escape(say(f"console.{key}", lang))

    return _PLACE.sub(fill, asset(name)).encode()


@cache
def asset(name: str) -> str:
    """Return a file of the page as it stands in ``page/``."""
    return (files("alipay_qr_conformance") / "sandbox" / "page" / name).read_text("utf-8")


def _plain(text: str, status: int) -> Answer:
    return Answer(f"{text}\n".encode(), status, "text/plain", headers=_HEADERS)
