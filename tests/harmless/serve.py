"""Serves a variant in the other ways a merchant can be met.

process    python serve.py NAME: one JSON object a line over stdin and stdout
HTTP       `Adapter`: the same objects by POST
listener   `Listening`: it takes its notifications at a URL of its own
black box  `Shop`: a web shop that has a notify URL and buttons, and knows nothing of tests
"""

import base64
import inspect
import json
import sys
import threading
import traceback
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

if __name__ == "__main__":
    sys.path[0] = str(
        Path(__file__).resolve().parents[1]
    )  # not this folder, whose queue is not the library's

from alipay_qr_conformance import Refused, Unsupported
from harmless.base import VARIANTS

LOCAL = ("hello", "configure", "reset", "presign", "sign", "verify", "expect", "trade")
OPERATIONS = frozenset((*LOCAL, "create_qr_code", "cancel", "refund", "notify"))
ACCOUNT = {
    "partner": "2088021966388155",
    "md5_key": "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6",
    "sign_type": "MD5",
    "gateway_timeout": "2",
}
STORE = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "shop_001",
    "secondary_merchant_name": "测试商店",
    "store_id": "A-101",
    "store_name": "北京 第1店",
    "trans_currency": "USD",
    "currency": "USD",
}


def call(shop, op, args):
    """The result of an operation; arguments that it does not name are ignored."""
    method = getattr(shop, op, None)
    if op not in OPERATIONS or not callable(method):
        raise Unsupported(f"it has no {op}")
    parameters = inspect.signature(method).parameters.values()
    takes_all = any(each.kind is each.VAR_KEYWORD for each in parameters)
    return method(
        **{
            name: value
            for name, value in args.items()
            if takes_all or name in [each.name for each in parameters]
        }
    )


def answer(shop, request):
    """The answer to a request line."""
    args = {**(request.get("args") or {})}
    if "now" in request:
        args["now"] = request["now"]
    try:
        return {"id": request["id"], "result": call(shop, request["op"], args)}
    except Refused as refused:
        return {"id": request["id"], "refused": {"reason": str(refused)}}
    except Unsupported as gap:
        return {"id": request["id"], "unsupported": {"reason": str(gap)}}
    except Exception as error:  # noqa: BLE001 (an answer all the same)
        return {"id": request["id"], "error": {"message": repr(error), "traceback": traceback.format_exc()}}


class Server:
    """A web server on a port of its own; `respond` gets method, path, headers and body."""

    def __init__(self, respond):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one piece
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, kind, data = respond(self.command, self.path, self.headers, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = serve  # noqa: N815 (the server's names)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads, self.server.block_on_close = True, False
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Adapter(Server):
    """A variant behind HTTP."""

    def __init__(self, make):
        shop = make()

        def respond(_method, _path, _headers, body):
            return 200, "application/json", json.dumps(answer(shop, json.loads(body))).encode()

        super().__init__(respond)
        self.url = f"http://127.0.0.1:{self.port}/"


def posted(shop, method, path, headers, body, now):
    """The HTTP answer of a variant to a notification."""
    args = {
        "body_base64": base64.b64encode(body).decode(),
        "content_type": headers.get("Content-Type") or "",
        "method": method,
        "query": urlsplit(path).query or None,
        "now": now,
    }
    try:
        told = call(shop, "notify", args)
    except Exception:  # noqa: BLE001 (a page of any server)
        return 500, "text/plain", b"error"
    reply = told["reply"]
    data = base64.b64decode(reply["base64"]) if isinstance(reply, dict) else reply.encode()
    return int(told.get("status", "200")), "text/plain", data


class Listening:
    """A variant that listens for its notifications itself."""

    def __init__(self, make):
        self.shop, self.now = make(), None
        self.server = Server(lambda *request: posted(self.shop, *request, self.time()))

    def close(self):
        self.server.close()

    def time(self):
        return self.now or datetime.now(UTC).isoformat()

    def hello(self, **args):
        told = {**call(self.shop, "hello", args), "notify_url": f"http://127.0.0.1:{self.server.port}/notify"}
        return {**told, "operations": [each for each in told["operations"] if each != "notify"]}

    def __getattr__(self, op):
        if op not in OPERATIONS or op == "notify" or getattr(self.shop, op, None) is None:
            raise AttributeError(op)
        return partial(self.does, op)

    def does(self, op, **args):
        self.now = args.get("now") or self.now
        return call(self.shop, op, args)


class Shop(Server):
    """A variant as a web shop: /notify takes notifications, /create, /cancel and /refund are its buttons."""

    def __init__(self, make, charset):
        self.shop = make()
        self.charset = charset
        super().__init__(self.respond)
        self.url = f"http://127.0.0.1:{self.port}/notify"

    def opens(self, gateway_url):
        self.shop.configure(**ACCOUNT, charset=self.charset, gateway_url=gateway_url, notify_url=self.url)

    def respond(self, method, path, headers, body):
        now, button = datetime.now(UTC).isoformat(), urlsplit(path).path[1:]
        if button == "notify":
            return posted(self.shop, method, path, headers, body, now)
        asked = {name: value for name, value in parse_qsl(urlsplit(path).query) if value}
        try:
            told = call(self.shop, *self.meaning(button, asked, now))
        except Exception as error:  # noqa: BLE001 (shown to who pressed it)
            told = repr(error)
        return 200, "text/plain", str(told).encode()

    def meaning(self, button, asked, now):
        if button == "create":
            return "create_qr_code", {"biz_data": STORE, "notify_url": self.url, "now": now}
        if button == "cancel":
            return "cancel", {**asked, "now": now}
        known = self.shop.trade(asked["out_trade_no"])
        renamed = {"partner_trans_id": asked.pop("out_trade_no"), "is_sync": asked.pop("is_sync", "Y")}
        currency = asked.pop("currency", known.get("currency", "USD"))
        return "refund", {"currency": currency, "notify_url": self.url, **asked, **renamed, "now": now}


if __name__ == "__main__":
    shop_ = VARIANTS[sys.argv[1]].make()
    for line in sys.stdin:
        print(json.dumps(answer(shop_, json.loads(line))), flush=True)  # noqa: T201 (the adapter's answer)
