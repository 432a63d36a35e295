"""The register: one row per MUST, SHOULD and MAY of the protocol, tested or excluded with a reason.

The rows stand as data in ``texts/requirements/*.toml``: a translator or a reviewer needs no Python. The
rows about single request parameters are derived from `alipay_qr.catalogue`, one per parameter, so that
the catalogue and the register cannot disagree.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from alipay_qr_conformance.model.texts import say, sentence
from alipay_qr_conformance.model.verdicts import Keyword, Role, Text

Source = Literal["seed", "page", "inference", "public code", "security", "policy"]
"""Where a rule comes from: Alipay's guide, its pages, our conclusion, other people's code; an attack that
breaking it admits, or money that it loses; the merchant's own policy file."""

LEVELS: Final = (1, 2, 3, 4)
"""What a subject reaches, one after the other; their names are the sentences ``level.<n>``."""

FILES: Final = ("sign", "verify", "request", "notify", "response", "money", "policy", "gateway")
"""Files of ``texts/requirements/``: the first segments of the ids."""

_ASIDE: Final = re.compile(r" \((?:[^()]|\([^()]*\))*\)")
_OWN_POLICY: Final = "the merchant's own policy file"

DUTIES: Final = (
    "notify.validate.",
    "notify.boundary",
    "notify.once.",
    "notify.amount.",
    "notify.status.",
    "notify.trade.",
    "money.",
)
"""Beginnings of the ids of the application's duties: a library without books leaves them to it."""


def is_duty(requirement: str) -> bool:
    """Say whether a requirement is a duty of the application: seller, books, acting once, sums of money."""
    return f"{requirement}.".startswith(DUTIES)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule of the protocol.

    Attributes:
        id: stable slug, such as ``sign.order``.
        keyword: what its source gives it.
        level: 1 to 4, the level that a subject cannot reach without keeping it.
        clause: where the rule stands.
        source: of what kind that is; on an inference or public code alone there is no MUST.
        title, why, mend: what it demands, why it matters, how to put it right.
        since: the date of the requirement set that brought it.
        excluded: why it is not tested; None where it is.
    """

    id: str
    keyword: Keyword
    level: int
    clause: str
    source: Source
    title: Text
    why: Text
    mend: Text
    since: date
    excluded: Text | None = None
    derived: bool = False
    """Whether the row is made from a parameter of the catalogue."""
    was: Keyword | None = None
    """The keyword that it had before the first release, where that was another one."""
    because: Text | None = None
    """Why it has another one."""

    def cited(self, lang: str) -> str:
        """Return where the rule stands, and of what kind that is; asides about a place are English."""
        if lang == "en":
            return f"{self.clause} [{self.source}]"
        place = _ASIDE.sub("", self.clause).replace(_OWN_POLICY, say("source.own-policy", lang))
        return f"{place} [{say(f'source.{self.source}', lang)}]"

    @property
    def role(self) -> Role:
        """Whose duty it is."""
        return "gateway" if self.id.startswith("gateway.") else "merchant"


@cache
def register() -> Mapping[str, Requirement]:
    """Return all requirements by id, in the order of the levels; those of a gateway last."""
    rows = sorted((*_written(), *_derived()), key=lambda row: (row.role == "gateway", row.level))
    found = {row.id: row for row in rows}
    if len(found) != len(rows):
        raise ValueError("the register holds an id twice")
    return found


def _written() -> Iterator[Requirement]:
    folder = files("alipay_qr_conformance") / "texts" / "requirements"
    for name in FILES:
        table = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
        for row in table["requirement"]:
            yield requirement_of(row)


def requirement_of(row: Mapping[str, Any]) -> Requirement:
    """Return the requirement that a row of a TOML file of the register holds."""
    return Requirement(
        id=row["id"],
        keyword=row["keyword"],
        level=row["level"],
        clause=row["clause"],
        source=row["source"],
        title=Text(**row["title"]),
        why=Text(**row["why"]),
        mend=Text(**row["mend"]),
        since=row["since"],
        excluded=Text(**row["excluded"]) if "excluded" in row else None,
        was=row.get("was"),
        because=Text(**row["because"]) if "because" in row else None,
    )


def _derived() -> Iterator[Requirement]:
    """Yield one row per parameter of the three services and per member of ``biz_data``."""
    from alipay_qr.catalogue import SERVICES

    covered = {"service", "partner", "sign", "sign_type", "_input_charset"}  # rows of their own
    for service in SERVICES.values():
        if service.alias not in {"CREATE", "CANCEL", "REFUND"}:
            continue
        prefix = f"request.{service.alias.lower()}"
        fields = [(prefix, each) for each in service.request if each.name not in covered]
        fields += [(f"{prefix}.biz_data", each) for each in service.biz_data]
        for parent, each in fields:
            if each.required == "undocumented":
                continue
            label = f"biz_data.{each.name}" if parent.endswith("biz_data") else each.name
            keyword, source, because = _weight(each)
            yield Requirement(
                id=f"{parent}.{each.name}",
                keyword=keyword,
                level=2,
                clause=each.clause,
                source=source,
                title=sentence(
                    "parameter.required" if each.required == "required" else "parameter.optional",
                    service=service.alias,
                    name=label,
                ),
                why=sentence("parameter.why"),
                mend=sentence("parameter.mend", name=label, shape=_shape(each)),
                since=date(2026, 11, 23),
                derived=True,
                excluded=because if keyword == "MAY" else None,
                was=None if because is None else "MUST",
                because=because,
            )


def _weight(field: Any) -> tuple[Keyword, Source, Text | None]:
    """Return the keyword of a parameter, the kind of its source, and why it is no MUST."""
    if "public code" in field.clause:
        return "MAY", "public code", sentence("parameter.unlisted")
    if field.name in {"store_id", "store_name"}:
        return "SHOULD", "page", sentence("parameter.disputed")
    return "MUST", "seed" if field.clause.startswith("seed") else "page", None


def _shape(field: Any) -> str:
    parts = []
    if field.max_length:
        parts.append(f"<= {field.max_length}")
    if field.values:
        parts.append(" | ".join(field.values))
    elif field.pattern:
        parts.append(field.pattern)
    return f" ({'; '.join(parts)})" if parts else ""
