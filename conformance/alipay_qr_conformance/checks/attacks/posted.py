"""Delivery to a subject that listens itself: once, without waiting for what it books."""

from alipay_qr_conformance.testbed.notifications import Reply


def over_http(url: str, method: str, body: bytes, kind: str = "", query: str = "") -> Reply:
    """Call a subject that listens itself, once, without waiting for what it books."""
    import requests

    target = f"{url}{'&' if '?' in url else '?'}{query}" if query else url
    headers = {"Content-Type": kind} if kind else {}
    with requests.Session() as http:
        http.trust_env = False
        try:
            with http.request(
                method,
                target,
                data=body,
                headers=headers,
                timeout=10,
                allow_redirects=False,
                stream=True,
            ) as answer:
                text = answer.raw.read(64 * 1024, decode_content=True)
                return Reply(text, str(answer.status_code))
        except requests.RequestException as error:
            return Reply(None, reason=type(error).__name__)
