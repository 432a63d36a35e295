"""The control API in Python.

control = ControlClient(url, token)
number = control.pay(qrcode, "12.50", "USD")["out_trade_no"]
control.fault("drop", service="REFUND")
assert not control.findings()
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from alipay_qr.errors import AlipayQrError


class ControlError(AlipayQrError):
    """The gateway refused what was asked of its control API; the message is its own."""


class ControlClient:
    """Speaks to the control API of one gateway.

    Args:
        url: as printed, such as ``http://127.0.0.1:40001/control``.
        token: as printed.
        ca_file: what to trust, for https.
        timeout: seconds for one call.
    """

    def __init__(self, url: str, token: str, *, ca_file: Path | None = None, timeout: float = 10.0) -> None:
        import requests

        self._url = url.rstrip("/")
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy has no business on loopback
        self._session.headers["Authorization"] = f"Bearer {token}"
        if ca_file is not None:
            self._session.verify = str(ca_file)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def pay(self, qrcode: str | None, total_fee: str, currency: str, **more: str) -> dict[str, Any]:
        """Let a customer pay; returns the trade with its ``out_trade_no``."""
        order = {"qrcode": qrcode, "total_fee": total_fee, "currency": currency, **more}
        trade: dict[str, Any] = self._post("pay", order)
        return trade

    def fault(self, name: str, **more: object) -> None:
        """Let the next matching requests meet a fault; see `fault_names.NAMES`."""
        self._post("fault", {"fault": name, **more})

    def clock(self, now: datetime | None, *, still: bool = False) -> None:
        """Set the gateway's time; None is real time, ``still`` lets it stand."""
        self._post("clock", {"now": now.isoformat() if now else None, "still": still})

    def notify(
        self,
        kind: str,
        out_trade_no: str,
        *,
        after: float | None = None,
        overrides: Mapping[str, str | None] | None = None,
        url: str = "",
    ) -> None:
        """Send notifications of a kind; see `alipay_qr_conformance.gateway.notify.faults`."""
        order = {
            "kind": kind,
            "out_trade_no": out_trade_no,
            "after": after,
            "overrides": overrides,
            "url": url,
        }
        self._post("notify", order)

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the requests behind a number, oldest first, with their findings."""
        found: list[dict[str, Any]] = self._get(f"requests?after={after}")
        return found

    def findings(self) -> list[dict[str, Any]]:
        """Return every rule that a request broke."""
        found: list[dict[str, Any]] = self._get("findings")
        return found

    def notifications(self) -> list[dict[str, Any]]:
        """Return every notification with its attempts."""
        found: list[dict[str, Any]] = self._get("notifications")
        return found

    def trades(self) -> list[dict[str, Any]]:
        """Return every trade."""
        found: list[dict[str, Any]] = self._get("trades")
        return found

    def evidence(self) -> dict[str, Any]:
        """Return all of it at once, and the bytes that no handler was found for."""
        found: dict[str, Any] = self._get("evidence")
        return found

    def reset(self) -> None:
        """Forget everything, and return to real time."""
        self._post("reset", {})

    def _get(self, name: str) -> Any:
        return self._read(self._session.get(f"{self._url}/{name}", timeout=self._timeout))

    def _post(self, name: str, value: Mapping[str, Any]) -> Any:
        body = json.dumps(value)
        headers = {"Content-Type": "application/json"}
        return self._read(
            self._session.post(f"{self._url}/{name}", data=body, headers=headers, timeout=self._timeout)
        )

    def _read(self, response: Any) -> Any:
        try:
            value = response.json()
        except ValueError:
            value = None
        if response.status_code == 200:  # noqa: PLR2004
            return value
        told = value if isinstance(value, dict) else {}
        text = told.get("error") or f"the control API answered {response.status_code}"
        raise ControlError(text, code=told.get("code", "control.refused"))
