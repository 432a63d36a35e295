"""The same adapter over HTTP, for shops that cannot be started from a command line: one POST an operation.

    python http_adapter.py 8099      then: alipay-qr check --url http://127.0.0.1:8099/
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from adapter import Adapter


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keep-alive: a connection for every question would be slow
    disable_nagle_algorithm = True
    adapter = Adapter()
    lock = threading.Lock()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get_content_type() != "application/json":  # no page in a browser can send this unasked
            self.send_error(415)
            return
        host = self.headers.get("Host", "").partition(":")[0]
        if host not in ("127.0.0.1", "localhost") or "Origin" in self.headers:  # nor one that renamed itself
            self.send_error(403)
            return
        request = json.loads(body)
        with self.lock:  # one at a time, as the shop's books want it
            answer = {"id": request["id"], **self.adapter.answer(request)}
        data = json.dumps(answer).encode("ascii")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # the kit asks over many connections at once


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
