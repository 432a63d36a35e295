"""The plan of an audit: which parts it has, and how many partitions. It depends on the inputs alone.

Parts are judged in any order, by any number of processes, on any number of machines; because they are
always the same parts, so is the report.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from alipay_qr._version import __version__
from alipay_qr.beijing import parse_timestamp
from alipay_qr.errors import AlipayQrError
from alipay_qr_conformance.audit.accounts import Accounts
from alipay_qr_conformance.audit.blocks import blocks
from alipay_qr_conformance.audit.clock import Clock, estimate, is_moment, written
from alipay_qr_conformance.audit.cohorts import Cohorts
from alipay_qr_conformance.audit.flows import flow_exchanges
from alipay_qr_conformance.audit.inputs import Input, opened
from alipay_qr_conformance.audit.kit import Policy, to_policy
from alipay_qr_conformance.audit.log_lines import log_exchanges
from alipay_qr_conformance.audit.ndjson import FIELDS, exchange_of, records
from alipay_qr_conformance.audit.slow import SlowJudge
from alipay_qr_conformance.audit.tables import FORMATS
from alipay_qr_conformance.reading.exchange import Exchange, Skipped
from alipay_qr_conformance.reading.har import har_exchanges

CONTAINERS: Final[Mapping[str, Callable[[BinaryIO], Iterator[Exchange | Skipped]]]] = {
    "har": har_exchanges,
    "flows": flow_exchanges,
}
"""Formats without lines: what yields their entries."""

PART: Final = 32 * 1024 * 1024
"""Bytes of one part of a file of lines."""
_PARTITION: Final = 16 * 1024 * 1024
"""Bytes of input for which there is one partition: its events are a seventh of that."""
_FEWEST, _MOST = 4, 4096
_LOOKED_AT: Final = 400
_LOOKED_INTO: Final = 256 * 1024
_SAMPLES: Final = 100


@dataclass(frozen=True)
class Plan:
    """Everything that parts and partitions follow from."""

    inputs: tuple[Input, ...]
    parts: tuple[tuple[int, int, int], ...]
    partitions: int
    names: Mapping[str, str]
    policy: Policy = field(default_factory=Policy)

    def to_text(self) -> str:
        """Return the plan as JSON: equal plans give equal texts."""
        data: dict[str, Any] = {
            "kit": __version__,
            "inputs": [
                {**asdict(each), "path": str(each.path), "modified": _modified(each.path)}
                for each in self.inputs
            ],
            "parts": self.parts,
            "partitions": self.partitions,
            "names": dict(sorted(self.names.items())),
            "policy": self.policy.declared(),
        }
        return json.dumps(data, indent=1) + "\n"


def read_plan(text: str) -> Plan:
    """Return the plan that `Plan.to_text` wrote."""
    data = json.loads(text)
    inputs = []
    for each in data["inputs"]:
        each.pop("modified")
        inputs.append(Input(**{**each, "path": Path(each["path"]), "clock": Clock(*each["clock"])}))
    parts = tuple((part[0], part[1], part[2]) for part in data["parts"])
    return Plan(tuple(inputs), parts, data["partitions"], data["names"], to_policy(data["policy"]))


def make_plan(
    inputs: Sequence[Input], accounts: Accounts, names: Mapping[str, str], policy: Policy | None = None
) -> Plan:
    """Return the plan for these inputs; the first messages of each are looked at for its clock.

    Args:
        inputs: in the order in which they are reported.
        accounts: whose notifications tell the time.
        names: of the fields of JSON lines, where they differ from the schema's.
        policy: what the merchant declares.
    """
    known = tuple(replace(each, clock=_clock(each, accounts, names)) for each in inputs)
    parts: list[tuple[int, int, int]] = []
    for number, each in enumerate(known):
        if each.packed or each.format in {*CONTAINERS, *FORMATS}:
            parts.append((number, 0, -1))
        elif each.format != "empty":
            parts += [(number, at, min(at + PART, each.size)) for at in range(0, each.size, PART)]
    size = sum(each.size * (8 if each.packed in {"gzip", "zstd"} else 1) for each in known)
    partitions = _FEWEST
    while partitions < _MOST and partitions * _PARTITION < size:
        partitions *= 2
    return Plan(known, tuple(parts), partitions, names, policy or Policy())


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _clock(found: Input, accounts: Accounts, names: Mapping[str, str]) -> Clock:
    """Return what the first genuine notifications of an input tell about the recorder's clock."""
    if found.format in FORMATS:
        return Clock()
    judge = SlowJudge(accounts, Cohorts())
    samples = []
    try:
        with opened(found) as file:
            for exchange in _first(found, file, names):
                moment = written(exchange.time)
                if moment is None or b"notify_time" not in (exchange.body or b"") + exchange.query:
                    continue
                judged = judge.judge(exchange, None)
                if judged is None or not judged.proved:
                    continue
                told = parse_timestamp(judged.params.get("notify_time", ""))
                if is_moment(ms := int(told.timestamp() * 1000)):
                    samples.append((*moment, ms))
                if len(samples) >= _SAMPLES:
                    break
    except (OSError, AlipayQrError):
        return Clock()
    return estimate(samples)


def _first(found: Input, file: BinaryIO, names: Mapping[str, str]) -> list[Exchange]:
    if found.format in CONTAINERS:
        entries = islice(CONTAINERS[found.format](file), _LOOKED_AT)
        return [each for each in entries if isinstance(each, Exchange)]
    written_as = {name: names.get(name, name) for name in FIELDS}
    exchanges: list[Exchange] = []
    for block in blocks(file, 0, None):
        if found.format == "log":
            exchanges += log_exchanges(block)
        else:
            exchanges += [exchange_of(each, number, block) for number, each in records(block, written_as)]
        if len(exchanges) >= _LOOKED_AT or block.offset > _LOOKED_INTO:
            break
    return exchanges[:_LOOKED_AT]
