"""Causes: which findings have one mistake behind them.

A mistake early in the pipeline (form, charset, canonical text, digest, key, reading of responses, belief,
money) breaks later rules too. `group` takes what was broken and gives each later requirement to the earliest
one that explains it; what nothing explains is a cause of its own.
"""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

PIPELINE: Final = (
    "request.method",
    "request.encoding",
    "request.no-duplicates",
    "request.charset.*",
    "request.documented-only",
    "sign.charset*",
    "sign.*",
    "sign.any-message",
    "request.sign.valid",
    "request.values-verbatim",
    "request.create.*",
    "request.*",
    "verify.genuine",
    "verify.reject.*",
    "response.genuine",
    "response.unproved",
    "response.*",
    "notify.genuine",
    "notify.reject.*",
    "notify.*",
    "money.refund.exact",
    "money.*",
    "gateway.*",
    "policy.*",
)
"""Patterns of requirements in the order in which a request or a notification meets them."""

_WIRE: Final = (
    "request.sign.valid",
    "request.values-verbatim",
    "request.create.*",
    "request.illegal.*",
    "request.refund.*",
    "money.refund.ids-verbatim",
)
_FORGERIES: Final = ("verify.reject.*", "notify.reject.*", "notify.validate.seller", "response.unproved")
_MONEY_BUT_EXACT: Final = ("money.[!r]*", "money.refund.[!e]*", "money.refund.expired")
"""Whoever believes too much may add up rightly: money.refund.exact is a mistake of its own then."""
EXPLAINS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("request.method", _WIRE),
    ("request.encoding", _WIRE),
    ("request.no-duplicates", (*_WIRE, "notify.validate.amount")),
    ("request.charset.*", _WIRE),
    ("request.documented-only", _WIRE),
    ("sign.charset", ("sign.charset.unencodable", "sign.value.verbatim", "sign.any-message")),
    ("sign.rsa.digest", ("sign.rsa2.digest",)),
    (
        "sign.*",
        ("request.sign.valid", "verify.genuine", "verify.reject.changed", "*.genuine", "sign.any-message"),
    ),
    (
        "request.sign.valid",
        (*_WIRE, "sign.*.digest", "response.transport", "notify.validate.seller", "money.*"),
    ),
    ("request.values-verbatim", _WIRE),
    (
        "request.create.*",
        ("request.create.*", "request.cancel.timestamp", "request.values-verbatim", "request.illegal.*"),
    ),
    (
        "request.refund.*",
        ("request.refund.*", "request.values-verbatim", "request.illegal.*", "money.refund.*"),
    ),
    ("request.cancel.*", ("request.cancel.*", "money.cancel.*")),
    ("request.carried-out", ("request.*", "notify.amount.believed", "money.*")),
    ("request.service", ("money.*",)),
    ("verify.genuine", ("*.genuine", *_FORGERIES)),
    ("verify.reject.*", (*_FORGERIES, "money.*.unknown", "money.any-history")),
    ("response.genuine", ("response.*", "money.*")),
    ("response.*", ("response.*", *_MONEY_BUT_EXACT)),
    ("notify.genuine", ("notify.*", "money.*")),
    ("notify.reject.*", (*_FORGERIES, "notify.*", "money.any-history")),
    ("notify.validate.*", ("notify.*", *_MONEY_BUT_EXACT)),
    # Not the advices: boundary, content-type, hostile and lean have a cure of their own each.
    ("notify.[!bchlv]*", ("notify.*", "money.*")),
    ("money.*", ("money.*",)),
)
"""What the breach of a requirement brings with it: patterns of an earlier one, and of what it explains."""


class Group(NamedTuple):
    """Requirements that are broken by one mistake; the first of them names it."""

    head: str
    effects: tuple[str, ...]


def stage(requirement: str) -> int:
    """Return the place of a requirement in the pipeline; the longest pattern that fits decides."""
    fitting = [(len(each), at) for at, each in enumerate(PIPELINE) if fnmatchcase(requirement, each)]
    return max(fitting, default=(0, len(PIPELINE)))[1]


def explains(head: str, effect: str) -> bool:
    """Say whether the breach of one requirement brings the breach of another one with it."""
    return any(
        fnmatchcase(head, pattern) and any(fnmatchcase(effect, each) for each in effects)
        for pattern, effects in EXPLAINS
    )


def group(broken: Iterable[str], weights: Sequence[str] = ()) -> list[Group]:
    """Return the groups of broken requirements, earliest first.

    Args:
        broken: their ids, in the order of the register.
        weights: those of them that count most (MUST): a lighter one explains none of these.
    """
    heavy = set(weights)
    heads: dict[str, list[str]] = {}
    for each in sorted(broken, key=stage):
        head = next(
            (head for head in heads if explains(head, each) and (head in heavy or each not in heavy)), None
        )
        if head is None:
            heads[each] = []
        else:
            heads[head].append(each)
    return [Group(head, tuple(effects)) for head, effects in heads.items()]
