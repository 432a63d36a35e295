"""The requirements of the gateway role, from ``texts/requirements/gateway.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from alipay_qr_conformance.model.requirements import Requirement, requirement_of
from alipay_qr_conformance.model.verdicts import Text


class Row(NamedTuple):
    """A requirement, and the sentence of its finding."""

    requirement: Requirement
    broken: Text


@cache
def gateway_register() -> Mapping[str, Row]:
    """Return all requirements of a gateway by id."""
    path = files("alipay_qr_conformance") / "texts" / "requirements" / "gateway.toml"
    rows = tomllib.loads(path.read_text("utf-8"))["requirement"]
    found = {}
    for row in rows:
        requirement = requirement_of(row)
        found[requirement.id] = Row(requirement, Text(**row["broken"]))
    return found
