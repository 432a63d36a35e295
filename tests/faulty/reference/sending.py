"""Send a request: its parameters, its form, its transport."""

import http.client
import json
import time
from urllib.parse import quote_from_bytes, urlsplit

from faulty.reference.values import BEIJING, Lost


class Sending:
    def beijing_time(self, moment):
        return moment.astimezone(BEIJING)

    def timestamp(self):
        return self.beijing_time(self.now).strftime("%Y-%m-%d %H:%M:%S")

    def declared_charset(self):
        return self.settings["charset"]

    def declared_sign_type(self):
        return self.settings["sign_type"]

    def partner(self):
        return self.settings["partner"]

    def service(self, name):
        return name

    def common(self, service):
        return {
            "service": self.service(service),
            "partner": self.partner(),
            "_input_charset": self.declared_charset(),
        }

    def json(self, data):
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    def amount_on_the_wire(self, text, currency):
        return text

    def is_sent(self, name, value):
        return value is not None and value != ""

    def params_to_sign(self, params):
        return params

    def params_to_send(self, params):
        """What leaves, given what was signed."""
        return params

    def signed_request(self, service, fields):
        given = {**self.common(service), **fields}
        params = [(name, value) for name, value in given.items() if self.is_sent(name, value)]
        sign = self.make_sign(self.params_to_sign(params), self.declared_charset(), self.settings["sign_type"])
        return [*self.params_to_send(params), *self.signature(sign)]

    def signature(self, sign):
        return [("sign", sign), ("sign_type", self.declared_sign_type())]

    def quote(self, data):
        return quote_from_bytes(data, safe="")

    def form_bytes(self, value, charset):
        return self.encode(value, charset)

    def form(self, params):
        charset = self.declared_charset()
        return "&".join(f"{name}={self.quote(self.form_bytes(value, charset))}" for name, value in params)

    method = "POST"

    def in_query(self, name):
        return self.method == "GET" or name == "_input_charset"

    def http_parts(self, params):
        """Method, query and body of a request."""
        query = [pair for pair in params if self.in_query(pair[0])]
        body = [pair for pair in params if not self.in_query(pair[0])]
        return self.method, self.form(query), self.form(body)

    def exchange(self, url, service, fields):
        """Send a request and return the bytes of the answer; raises `Lost`."""
        return self.transmit(url, *self.http_parts(self.signed_request(service, fields)))

    def transmit(self, url, method, query, body):
        parts = urlsplit(url or self.settings["gateway_url"])
        line = self.connection(parts)
        try:
            path = f"{parts.path}?{query}" if query else parts.path
            self.put(line, method, path, body.encode() if body else None)
            answer, data = self.receive(line)
        except (OSError, http.client.HTTPException) as error:
            raise Lost(str(error)) from None
        finally:
            line.close()
        return self.with_status(answer.status, data)

    def connection(self, parts):
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.timeout)

    def put(self, line, method, path, data):
        line.request(method, path, data, self.headers(data) if data else {})

    def headers(self, body):
        return {"Content-Type": f"application/x-www-form-urlencoded; charset={self.declared_charset()}"}

    def receive(self, line):
        """Head and body, within the time limit as a whole."""
        deadline = time.monotonic() + self.timeout
        answer, parts, connection = line.getresponse(), [], line.sock
        while part := answer.read1(65536):
            parts.append(part)
            self.check_deadline(deadline, connection)
        if answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
        return answer, b"".join(parts)

    def check_deadline(self, deadline, connection):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection is not None:
            connection.settimeout(left)

    def with_status(self, status, data):
        if status != 200:
            raise Lost(f"status {status}")
        return data
