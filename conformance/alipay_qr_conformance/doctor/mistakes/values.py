"""Which value is signed: numbers, times, addresses, letter case, blanks. One parameter at a time.

These are the cases where two variables went into one request: the text that was signed and the text that
was sent were made separately.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from alipay_qr_conformance.doctor.pipeline import Message, Stage, ValueChange, every, only
from alipay_qr_conformance.reading.patterns import later

RARITY: Final = {
    "value.number": 3,
    "value.timestamp": 4,
    "value.timezone": 4,
    "value.timestamp-form": 4,
    "value.url": 4,
    "value.blank-added": 4,
    "value.case": 6,
    "value.quotes": 5,
    "value.newline": 3,
    "value.normal-form": 5,
    "value.whitespace-removed": 5,
    "value.whitespace-collapsed": 6,
    "value.control-removed": 6,
    "value.cut": 4,
    "value.trimmed": 2,
    "value.blank-dropped": 2,
    "value.zero-dropped": 2,
    "value.null-dropped": 4,
}

_NUMBER: Final = later(r"-?\d{1,12}(?:\.\d{1,20})?", re.ASCII)
_AMOUNT_NAMES: Final = later(r"amount|fee|price|rate|discount|quantity|value", re.IGNORECASE)
_TIME: Final = "%Y-%m-%d %H:%M:%S"
_LONG: Final = later(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_MILLISECONDS: Final = later(r"\d{13}", re.ASCII)
_ID_LENGTH: Final = 16
_LENGTHS: Final = (1000, 2000, 1024, 512, 400, 256, 255, 200, 128, 100, 64, 50, 32, 20)
"""Where programs and database columns cut values: the protocol's own lengths, and round numbers."""

_AROUND: Final = (" ", "\n", "\r\n", "\t")


def value_changes(message: Message) -> Iterator[ValueChange]:
    """Yield every departure for the values of ``message``."""
    for index, value in enumerate(message.base):
        if not value:
            continue
        name = message.names[index]
        for (id_, number), (detail, other, extra) in _table(name, value).items():
            if other != value:
                label = f"{name}: {detail}" if detail else f"{name}={other}"
                run = only(index, _spelling(name, id_, number))
                yield ValueChange(id_, label, Stage.CONTENT, index, run, opens=True, extra=extra)
    yield from _everywhere(message)


@lru_cache(maxsize=512)
def _table(name: str, value: str) -> dict[tuple[str, int], tuple[str, str, int]]:
    """Return every spelling of one value by (id, number)."""
    return {
        (id_, number): (detail, text, extra)
        for number, (id_, detail, text, extra) in enumerate(_spellings(name, value))
    }


def _spelling(name: str, id_: str, number: int) -> Callable[[str], str]:
    """Return the function that respells a value, whatever an earlier departure made of it."""

    def respell(value: str) -> str:
        return _table(name, value).get((id_, number), ("", value, 0))[1]

    return respell


def _spellings(name: str, value: str) -> Iterator[tuple[str, str, str, int]]:
    if _NUMBER.fullmatch(value) and len(value) < _ID_LENGTH - 1:
        rare = 0 if _AMOUNT_NAMES.search(name) else 2
        for text in _numbers(value):
            yield "value.number", "", text, rare
    yield from _times(value)
    if value.startswith(("http://", "https://")):
        for text in _addresses(value):
            yield "value.url", "", text, 0
    for around in _AROUND:
        yield "value.blank-added", f"+{around!r}", value + around, 1 if around == " " else 2
    yield "value.blank-added", "' '+", " " + value, 2
    if not value.lstrip().startswith(("{", "[")):
        yield "value.case", "lower", value.lower(), 0
        yield "value.case", "upper", value.upper(), 0
    if len(value) > 1 and value[0] == value[-1] == '"':
        yield "value.quotes", "", value[1:-1], 0
    elif not value.startswith(("{", "[")):
        yield "value.quotes", "", f'"{value}"', 1


def _numbers(value: str) -> Iterator[str]:
    try:
        number = Decimal(value)
    except InvalidOperation:  # pragma: no cover (the pattern admits decimals only)
        return
    plain = f"{number.normalize():f}"
    cent = Decimal("0.01")
    rounded = number.quantize(cent) if abs(number) < Decimal(10) ** 12 else number
    yield from (
        (
            plain,
            f"{number.quantize(Decimal('0.1')):f}" if number == number.quantize(Decimal("0.1")) else plain,
            f"{rounded:.2f}",
            str(float(value)),
            f"{number:.3f}",
            f"{number:.4f}",
            f"{number:.6f}",
            f"{number:.1f}",
            f"{number:.0f}",
            f"{number * 100:.0f}",
            f"{number:,.2f}",
            f"{rounded:.2f}".replace(".", ","),
            f"{rounded:.2f}".removeprefix("0"),
            repr(float(number) * 100 / 100 + 1e-16),
            f"{float(number):e}",
            f"{number / 100:.2f}",
            f"{number:.8f}",
        )
    )


def _times(value: str) -> Iterator[tuple[str, str, str, int]]:
    if _LONG.fullmatch(value):
        try:
            moment = datetime.strptime(value, _TIME)  # noqa: DTZ007 (a written form is shifted, no instant)
        except ValueError:
            return
        for seconds in (-1, 1, -2, 2, -3, 3):
            later = (moment + timedelta(seconds=seconds)).strftime(_TIME)
            yield "value.timestamp", "", later, 0 if abs(seconds) == 1 else 1
        for hours in (-8, 8):
            yield "value.timezone", "", (moment + timedelta(hours=hours)).strftime(_TIME), 0
        yield "value.timestamp-form", "", value.replace(" ", "T"), 0
        yield "value.timestamp-form", "", value.replace(" ", "T") + "+08:00", 0
        yield "value.timestamp-form", "", value.replace(" ", "T") + "Z", 0
        yield "value.timestamp-form", "", moment.strftime("%Y%m%d%H%M%S"), 0
        yield "value.timestamp-form", "", value[:16], 0
        yield "value.timestamp-form", "", value[:10], 0
        yield "value.timestamp-form", "", value + ".0", 0
        yield "value.timestamp-form", "", value.replace("-", "/"), 0
    elif _MILLISECONDS.fullmatch(value):
        yield "value.timestamp-form", "", value[:10], 0
        for step in (-1, 1, -2, 2, -3, 3):
            yield "value.timestamp", "", str(int(value) + step), 1
            yield "value.timestamp", "", str(int(value) + 1000 * step), 1


def _addresses(value: str) -> Iterator[str]:
    scheme, _, rest = value.partition("://")
    yield f"{'http' if scheme == 'https' else 'https'}://{rest}"
    yield value.removesuffix("/") if value.endswith("/") else value + "/"
    yield value.partition("?")[0]
    yield value.partition("#")[0]
    yield rest
    host, slash, path = rest.partition("/")
    yield f"{scheme}://{host.partition(':')[0]}{slash}{path}"
    yield f"{scheme}://{host.lower()}{slash}{path}"
    yield slash + path


def _everywhere(message: Message) -> Iterator[ValueChange]:
    clean: tuple[tuple[str, str, Callable[[str], str | None]], ...] = (
        ("value.newline", "\\n", lambda text: text.replace("\r\n", "\n").replace("\r", "\n")),
        ("value.newline", "\\r\\n", lambda text: re.sub(r"\r\n|\r|\n", "\r\n", text)),
        ("value.newline", "\\r", lambda text: text.replace("\r\n", "\r").replace("\n", "\r")),
        ("value.newline", "removed", lambda text: text.replace("\r", "").replace("\n", "")),
        ("value.newline", "blank", lambda text: re.sub(r"\r\n|\r|\n", " ", text)),
        ("value.newline", "backslash-n", lambda text: text.replace("\r", "\\r").replace("\n", "\\n")),
        ("value.normal-form", "NFC", _normal("NFC")),
        ("value.normal-form", "NFD", _normal("NFD")),
        ("value.normal-form", "NFKC", _normal("NFKC")),
        ("value.normal-form", "NFKD", _normal("NFKD")),
        ("value.whitespace-removed", "", lambda text: re.sub(r"\s+", "", text)),
        ("value.whitespace-collapsed", "", lambda text: re.sub(r"\s+", " ", text)),
        ("value.whitespace-collapsed", "blanks", lambda text: re.sub("  +", " ", text)),
        *(("value.cut", str(length), _cut(length)) for length in _LENGTHS),
        ("value.control-removed", "", lambda text: "".join(c for c in text if c >= " " and c != "\x7f")),
    )
    for id_, detail, function in clean:
        yield ValueChange(id_, detail, Stage.CLEAN, -1, every(function))
    trims: tuple[tuple[str, str, Callable[[str], str | None]], ...] = (
        ("value.trimmed", "", str.strip),
        ("value.trimmed", "left", str.lstrip),
        ("value.trimmed", "right", str.rstrip),
        ("value.blank-dropped", "", lambda text: text if text.strip() else None),
        ("value.zero-dropped", "0", lambda text: None if text == "0" else text),
        ("value.zero-dropped", "0, 0.0, 0.00, false", _falsy),
        (
            "value.null-dropped",
            "null",
            lambda text: None if text.lower() in {"null", "none", "nil"} else text,
        ),
        ("value.trimmed", "drop", lambda text: text.strip() or None),
    )
    for id_, detail, function in trims:
        yield ValueChange(id_, detail, Stage.DROP, -1, every(function))
    for index, value in enumerate(message.base):
        if value and value != value.strip():
            name = message.names[index]
            yield ValueChange("value.trimmed", name, Stage.DROP, index, only(index, str.strip), extra=1)


def _cut(length: int) -> Callable[[str], str]:
    return lambda text: text[:length]


def _falsy(text: str) -> str | None:
    return None if text.lower() in {"0", "0.0", "0.00", "false"} else text


def _normal(form: str) -> Callable[[str], str]:
    def function(text: str) -> str:
        if text.isascii():
            return text
        import unicodedata

        return unicodedata.normalize(form, text)  # type: ignore[arg-type]  # one of the four forms

    return function
