"""The control API in Python.

control = ControlClient(url, token)
number = control.pay(control.codes()[0]["qrcode"], "12.50", "USD")["out_trade_no"]
control.fault("drop", service="REFUND")
assert control.send("tampered", number)[0]["judgement"]["verdict"] == "right"
control.advance("1d")
assert not control.findings()
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pay(self, qrcode: str | None, total_fee: str, currency: str, **more: str) -> dict[str, Any]:
        """Let a customer pay; returns the trade with its ``out_trade_no``."""
        order = {"qrcode": qrcode, "total_fee": total_fee, "currency": currency, **more}
        trade: dict[str, Any] = self._post("pay", order)
        return trade

    def fault(self, name: str, **more: object) -> None:
        """Let the next matching requests meet a fault; see `fault_names.NAMES`."""
        self._post("fault", {"fault": name, **more})

    def faults(self) -> list[dict[str, Any]]:
        """Return the faults that no request has met yet."""
        found: list[dict[str, Any]] = self._get("faults")
        return found

    def clear_faults(self) -> None:
        """Forget the faults that no request has met yet."""
        self._post("fault", {"clear": True})

    def clock(self, now: datetime | None, *, still: bool = False) -> None:
        """Set the gateway's time; None is real time, ``still`` lets it stand."""
        self._post("clock", {"now": now.isoformat() if now else None, "still": still})

    def time(self) -> dict[str, Any]:
        """Return the gateway's time: ``now``, ``beijing``, whether it is ``still`` or ``real``."""
        found: dict[str, Any] = self._get("clock")
        return found

    def advance(self, by: str) -> None:
        """Move the gateway's time on by a text such as ``90s``, ``1m``, ``2h`` or ``1d``."""
        self._post("clock", {"advance": by})

    def go_to(self, moment: str) -> None:
        """Let the clock stand at the next ``midnight`` of Beijing, or a second ``before-midnight``."""
        self._post("clock", {"to": moment})

    def notify(
        self,
        kind: str,
        out_trade_no: str,
        *,
        after: float | None = None,
        overrides: Mapping[str, str | None] | None = None,
        url: str = "",
    ) -> None:
        """Have notifications sent by their name; see `alipay_qr_conformance.sandbox.stories`."""
        order = {
            "kind": kind,
            "out_trade_no": out_trade_no,
            "after": after,
            "overrides": overrides,
            "url": url,
        }
        self._post("notify", order)

    def send(
        self,
        kind: str,
        out_trade_no: str = "",
        *,
        overrides: Mapping[str, str | None] | None = None,
        url: str = "",
        wait: float = 8.0,
    ) -> list[dict[str, Any]]:
        """Send notifications by their name, wait for the replies, and return both, judged.

        Args:
            kind: a name; see `stories`.
            out_trade_no: the trade; the latest by default.
            overrides: fields to change; they are signed, but for ``edited``.
            url: where to, if not where the trade's notifications go.
            wait: how many seconds at most.
        """
        order = {"kind": kind, "out_trade_no": out_trade_no, "overrides": overrides, "url": url, "wait": wait}
        found: list[dict[str, Any]] = self._post("notify", order)["sent"]
        return found

    def stories(self) -> dict[str, Any]:
        """Return the names of all notifications that can be sent, with what a right shop replies."""
        found: dict[str, Any] = self._get("stories")
        return found

    def codes(self) -> list[dict[str, Any]]:
        """Return every code, with the link of its wallet page."""
        found: list[dict[str, Any]] = self._get("codes")
        return found

    def requests(self, after: int = 0, limit: int = 1000) -> list[dict[str, Any]]:
        """Return the requests behind a number, oldest first, with their findings."""
        found: list[dict[str, Any]] = self._get(f"requests?after={after}&limit={limit}")
        return found

    def request(self, number: int) -> dict[str, Any]:
        """Return one request in full, with both pre-sign strings and where they part."""
        found: dict[str, Any] = self._get(f"requests/{number}")
        return found

    def findings(self) -> list[dict[str, Any]]:
        """Return every rule that a request broke, and every reply that was wrong."""
        found: list[dict[str, Any]] = self._get("findings")
        return found

    def notifications(self) -> list[dict[str, Any]]:
        """Return every notification with its attempts, and what the latest reply proves."""
        found: list[dict[str, Any]] = self._get("notifications")
        return found

    def trades(self) -> list[dict[str, Any]]:
        """Return every trade."""
        found: list[dict[str, Any]] = self._get("trades")
        return found

    def trade(self, out_trade_no: str) -> dict[str, Any]:
        """Return one trade with its history."""
        found: dict[str, Any] = self._get(f"trades/{quote(out_trade_no, safe='')}")
        return found

    def evidence(self) -> dict[str, Any]:
        """Return all of it at once, and the bytes that no handler was found for."""
        found: dict[str, Any] = self._get("evidence")
        return found

    def export(self, form: str, *, shop: str = "shop", lang: str = "en") -> str:
        """Return everything as ``json``, ``har``, ``report`` or ``html``; a report names the shop."""
        response = self._session.get(
            f"{self._url}/export",
            params={"as": form, "shop": shop, "lang": lang},
            timeout=self._timeout,
        )
        if response.status_code != 200:  # noqa: PLR2004
            self._read(response)
        return response.text

    def events(self, after: int | None = None, run: str = "") -> Iterator[dict[str, Any]]:
        """Yield what happens, as it happens: ``id``, ``event`` and ``data``; ends with the gateway."""
        from requests import RequestException

        query = f"run={run}" if after is None else f"run={run}&after={after}"
        with self._session.get(f"{self._url}/events?{query}", stream=True, timeout=self._timeout) as answer:
            if answer.status_code != 200:  # noqa: PLR2004
                self._read(answer)
            event: dict[str, Any] = {}
            try:
                for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
                    name, _, value = line.partition(": ")
                    if name:
                        event[name] = value if name == "event" else json.loads(value)
                    elif event:
                        yield event
                        event = {}
            except RequestException:
                return

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
