"""A case of the gateway role, and how a property is run over HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alipay_qr_conformance.testbed.gateway_client import GatewayClient


@dataclass(frozen=True, slots=True)
class GatewayCase:
    """One case: the requirement that it tests, its name, what it does."""

    requirement: str
    name: str
    run: Callable[[GatewayClient], None]

    @property
    def id(self) -> str:
        """``requirement[name]``."""
        return f"{self.requirement}[{self.name}]"


def property_of(strategy: Any, check: Callable[[Any], None], examples: int) -> None:
    """Run a check over examples; where one fails, over smaller ones: the smallest failure is raised."""
    from hypothesis import HealthCheck, Phase, given, settings

    over: Any = given(strategy)
    run = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )(over(check))
    run()
