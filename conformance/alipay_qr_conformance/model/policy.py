"""A policy file: where the protocol leaves a merchant a choice, the subject states its own.

The kit then holds it to that choice. TOML, every key optional::

    refund_sum = "gateway"       # the gateway, not the merchant, refuses a refund above what remains
    late_cancel = "refund"       # where it is too late to cancel, it refunds
    refund_period = 360          # days, as the contract says

What is not declared is judged by what the protocol says; where that allows several ways, each is right.
`CHOICES` is the list of all grey cases, with their sources; ``docs/howto/policy.md`` shows it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from alipay_qr_conformance.model.files import read_toml

Keeper = Literal["merchant", "gateway"]

LONGEST_PERIOD: Final = 1000
"""Days; no contract is known of more than a year (protocol facts, REFUND)."""


class Value(NamedTuple):
    """What a key holds that is no choice between ways: in words, and whether a value is one."""

    words: str
    fits: Callable[[Any], bool]


def _number(what: str, most: int) -> Value:
    return Value(
        f"a number of {what} from 1 to {most}", lambda value: type(value) is int and 1 <= value <= most
    )


_AMOUNT: Final = Value(
    'an amount in quotes such as "1.00"',
    lambda value: (
        isinstance(value, str)
        and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", value) is not None
        and float(value) > 0
    ),
)
_CURRENCIES: Final = Value(
    'a list of currencies such as ["USD", "HKD"]',
    lambda value: (
        isinstance(value, list | tuple)
        and 0 < len(value) <= 200  # noqa: PLR2004 (there are fewer)
        and all(isinstance(each, str) and re.fullmatch("[A-Z]{3}", each) for each in value)
    ),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One grey case.

    Attributes:
        ways: what may be declared, and what it means; empty where it is a `value`.
        source: why several ways are right.
        value: what may be declared where it is no choice between ways.
    """

    ways: Mapping[str, str]
    source: str
    value: Value | None = None


CHOICES: Final[Mapping[str, Choice]] = {
    "refund_sum": Choice(
        {
            "merchant": "the merchant refuses what exceeds the rest (if nothing is said)",
            "gateway": "it leaves that to the gateway: sending is a SHOULD, booking stays a MUST",
        },
        "seed.md, Refund Flow 3 (does not say who refuses)",
    ),
    "cancel_window": Choice(
        {
            "merchant": "the merchant refuses a CANCEL after its day (if nothing is said)",
            "gateway": "it leaves that to the gateway: sending is a SHOULD, booking stays a MUST",
        },
        "seed.md, Cancel Flow 2 (does not say who refuses)",
    ),
    "method": Choice(
        {"GET": "requests are sent by GET", "POST": "requests are sent by POST"},
        "docs.antom.com/ac/global/qrcode_create (GET or POST)",
    ),
    "is_sync": Choice(
        {"absent": "a refund that waits goes out without is_sync", "explicit": "it goes out with is_sync=N"},
        "docs.antom.com/ac/global/spot_refund (default N)",
    ),
    "refund_notify_url": Choice(
        {
            "always": "every REFUND carries notify_url",
            "asynchronous": "those alone that do not move at once",
            "never": "those alone for which the caller names one",
        },
        "spot_refund: required in the newer English edition, optional in hkapi and the Chinese one",
    ),
    "cancel_timestamp": Choice(
        {"date": "timestamp is yyyy-MM-dd HH:mm:ss", "milliseconds": "timestamp is milliseconds since 1970"},
        "acquire_cancel (milliseconds) against the Java SDK (the long form)",
    ),
    "amount_form": Choice(
        {"fixed": "ten cents are 0.10", "short": "ten cents are 0.1"},
        "spot_refund (Number(9,2); the same amount in both forms)",
    ),
    "illegal_values": Choice(
        {
            "refuse": "the merchant refuses what the interface forbids",
            "send": "it sends it as given, and reports the gateway's error",
        },
        "seed.md, Create Flow 3 (such a request fails; who says so is open)",
    ),
    "reply": Choice(
        {"success": "acknowledges with success", "SUCCESS": "acknowledges with SUCCESS"},
        "help/online/91 (success) against ac/wap_hk/asyncnotif (SUCCESS)",
    ),
    "repeated_names": Choice(
        {
            "refuse": "a notification in which a name stands twice is refused",
            "first": "the first value is verified and used",
            "last": "the last value is verified and used",
        },
        "no page; whatever is used must be what was verified (inferred)",
    ),
    "notify_verify": Choice(
        {"always": "Alipay is asked about every notification", "never": "Alipay is never asked"},
        "docs.antom.com/ac/web/async (notify_verify is optional)",
    ),
    "retry_flag": Choice(
        {"repeat": "a CANCEL is repeated within the call while retry_flag is Y", "report": "it is reported"},
        "acquire_cancel_cn (retry_flag; who repeats is open)",
    ),
    "after_unknown": Choice(
        {
            "ask-again": "after an unknown outcome it repeats or queries within the call",
            "report": "it reports unknown, and leaves the repeat to its caller",
        },
        "docs.antom.com/ac/global/spot_refund (an identical repeat is the same refund; who repeats is open)",
    ),
    "cancel_band": Choice(
        {
            "closed": "the cancel window ends at midnight in Beijing",
            "open": "it ends 15 minutes later",
        },
        "seed.md, Cancel Flow 2 (the day) against merchant_qr_code_hk/implementapi (15 minutes more)",
    ),
    "late_cancel": Choice(
        {"refuse": "where it is too late to cancel, it declines", "refund": "it sends a REFUND instead"},
        "seed.md, Refund Flow 2 (REFUND is applicable then; who chooses is open)",
    ),
    "cancel_after_refund": Choice(
        {
            "refuse": "a trade with a refund is not cancelled",
            "refund": "the rest is refunded with REFUND",
            "send": "the CANCEL is sent, and the gateway decides",
        },
        "open-platform analogue REASON_TRADE_REFUND_FEE_ERR (not confirmed for mapi)",
    ),
    "unknown_trade_cancel": Choice(
        {"send": "a CANCEL of a trade that was never heard of is sent", "refuse": "it is declined"},
        "merchant_qr_code_hk/implementapi (a trade that was not created is cancelled with success)",
    ),
    "unknown_trade_refund": Choice(
        {"send": "a REFUND of a trade that was never heard of is sent", "refuse": "it is declined"},
        "seed.md, Refund Flow (only of what was paid; a lost notification is not spoken of)",
    ),
    "same_refund_id": Choice(
        {"refuse": "an id with other data is declined", "send": "it is sent, and the gateway refuses it"},
        "merchant_qr_code_hk/practice (other data under an id is an error; who refuses it is open)",
    ),
    "unknown_refund": Choice(
        {
            "binds": "a refund of unknown outcome counts as spent; others that still fit go out",
            "blocks": "no other refund goes out before it is settled",
        },
        "seed.md, Refund Flow 3 (sums what was refunded; what may follow an unknown end is open)",
    ),
    "refund_while_undecided": Choice(
        {
            "refuse": "nothing is refunded while a CANCEL has no end",
            "send": "the REFUND is sent, and the gateway decides",
        },
        "seed.md, Cancel Flow 4 (rolls back; what may follow meanwhile is open)",
    ),
    "refund_period": Choice(
        {},
        "by contract: 12 months, or 360 days; after it nothing is refunded (seed.md, Refund Flow 2)",
        _number("days", LONGEST_PERIOD),
    ),
    "currencies": Choice({}, "qrcode_create (trans_currency; a shop need not take all of them)", _CURRENCIES),
    "cancel_margin": Choice(
        {},
        "seed.md, Cancel Flow 2 (a CANCEL must be on the day; how long before its end a shop stops is open)",
        _number("minutes", 1439),
    ),
    "min_partial_refund": Choice(
        {},
        "seed.md, Refund Flow 3 (permits parts, and demands none; the whole rest is always refunded)",
        _AMOUNT,
    ),
    "largest_refund": Choice(
        {},
        "seed.md, Refund Flow 3 (permits refunds up to the payment, and demands none)",
        _AMOUNT,
    ),
    "partial_refunds": Choice(
        {"refuse": "the whole is refunded or nothing", "send": "parts are refunded"},
        "seed.md, Refund Flow 3 (permits parts, and demands none)",
    ),
    "max_refunds": Choice(
        {},
        "seed.md, Refund Flow 3 (permits several refunds of a trade, and demands none)",
        _number("refunds", 100),
    ),
    "paid_cancel": Choice(
        {
            "cancel": "a paid trade is cancelled with CANCEL",
            "refund": "the whole is refunded with REFUND",
            "refuse": "it is declined: the goods have left, and money goes back by a refund",
        },
        'seed.md, Refund Flow 2 (both are applicable on the day), Cancel Flow 2 ("is able to")',
    ),
    "full_refund": Choice(
        {"refund": "the whole is refunded with REFUND", "cancel": "on the day of the payment CANCEL is sent"},
        "seed.md, Cancel Flow 3 (a CANCEL gives the fee back)",
    ),
    "create": Choice(
        {
            "sent": "every CREATE is sent",
            "cached": "the code of a known store comes from the merchant's books",
        },
        "qrcode_create (a later call for a store returns its code)",
    ),
    "gateway_error": Choice(
        {
            "failed": "an unsigned gateway error is reported as failed",
            "unknown": "it is reported as unknown: an unsigned word proves nothing",
        },
        "seed.md, Error Handling (the error is not signed; what may be believed of it is open)",
    ),
    "line_ends": Choice(
        {
            "sign": "line ends in a value are signed as they are",
            "refuse": "a value with a line end is refused",
        },
        "no page makes them legal, and none forbids them",
    ),
    "seller_id": Choice(
        {"optional": "a notification may lack seller_id", "required": "one without it is refused"},
        "asyncnotif (seller_id is optional; the seed asks to validate the information)",
    ),
}

CONTRADICTIONS: Final = (("cancel_window", "gateway", ("late_cancel", "cancel_band")),)
"""A key and its value, and the keys that say nothing beside it."""


class PolicyError(ValueError):
    """The policy file cannot be used; the text says which line is wrong and what it may say."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The subject's declared choices; None is: not declared.

    ``refund_period`` is in days, ``cancel_margin`` in minutes, ``min_partial_refund`` and
    ``largest_refund`` in any currency.
    """

    refund_sum: Keeper = "merchant"
    cancel_window: Keeper = "merchant"
    method: str | None = None
    is_sync: str | None = None
    refund_notify_url: str | None = None
    cancel_timestamp: str | None = None
    amount_form: str | None = None
    illegal_values: str | None = None
    reply: str | None = None
    repeated_names: str | None = None
    notify_verify: str | None = None
    retry_flag: str | None = None
    after_unknown: str | None = None
    cancel_band: str | None = None
    late_cancel: str | None = None
    cancel_after_refund: str | None = None
    unknown_trade_cancel: str | None = None
    unknown_trade_refund: str | None = None
    same_refund_id: str | None = None
    unknown_refund: str | None = None
    refund_while_undecided: str | None = None
    refund_period: int | None = None
    currencies: tuple[str, ...] | None = None
    cancel_margin: int | None = None
    min_partial_refund: str | None = None
    largest_refund: str | None = None
    partial_refunds: str | None = None
    max_refunds: int | None = None
    paid_cancel: str | None = None
    full_refund: str | None = None
    create: str | None = None
    gateway_error: str | None = None
    line_ends: str | None = None
    seller_id: str | None = None

    def declared(self) -> dict[str, Any]:
        """Return what is declared, by key; who keeps the refund sum and the window always is."""
        found = {key: value for key, value in asdict(self).items() if value is not None}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}


def read_policy(path: Path) -> Policy:
    """Return the policy in a TOML file.

    Raises:
        PolicyError: unreadable, no TOML, an unknown key or choice, or choices that contradict each other.
    """
    try:
        return to_policy(read_toml(path))
    except OSError as error:
        raise PolicyError(f"policy file {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise PolicyError(f"policy file {path}: {error}") from None


def to_policy(table: Mapping[str, Any]) -> Policy:
    """Return the policy that a table declares, as a policy file or a report has it.

    Raises:
        PolicyError: see `read_policy`.
    """
    for key, value in table.items():
        if key not in CHOICES:
            near = get_close_matches(key, CHOICES, 1)
            hint = f", did you mean {near[0]}" if near else ""
            raise PolicyError(f"unknown key {key[:40]!r}{hint}; known are {', '.join(CHOICES)}")
        if (form := CHOICES[key].value) is not None:
            if not form.fits(value):
                raise PolicyError(f"{key} is {form.words}, not {_shown(value)}")
        elif value not in list(CHOICES[key].ways):
            ways = " or ".join(f'"{way}"' for way in CHOICES[key].ways)
            raise PolicyError(f"{key} is {ways}, not {_shown(value)}")
    for key, value, silenced in CONTRADICTIONS:
        for other in silenced:
            if table.get(key) == value and other in table:
                raise PolicyError(
                    f'{other} says what the merchant does, and {key} = "{value}" that it does not'
                )
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    return Policy(**given)


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)[:40]
