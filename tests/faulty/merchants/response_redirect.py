"""Merchants that break `response.redirect`: they follow a redirection."""

import http.client
from urllib.parse import urlsplit

from faulty.reference import Healthy, Lost, fault


@fault("follows a permanent redirection with its signed request", "response.redirect")
class FollowsPermanently(Healthy):
    location = None

    def receive(self, line):
        answer, data = super().receive(line)
        self.location = answer.headers.get("Location") if answer.status == 308 else None
        return answer, data

    def transmit(self, url, method, query, body):
        self.location = None
        try:
            return super().transmit(url, method, query, body)
        except Lost:
            if self.location is None:
                raise
            return super().transmit(self.location, method, query, body)


# Level 3, MUST: any status but 200 is unknown; a request does not go where an unproved answer sends it.
@fault("follows a redirection and posts its request once more there", "response.redirect", found_by="blind 1")
class FollowsRedirects(Healthy):
    def transmit(self, url, method, query, body):
        parts = urlsplit(url or self.settings["gateway_url"])
        kind = f"application/x-www-form-urlencoded; charset={self.declared_charset()}"
        target = f"{parts.path}?{query}" if query else parts.path
        for _ in range(5):
            line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.timeout)
            try:
                line.request(
                    method, target, body.encode() if body else None, {"Content-Type": kind} if body else {}
                )
                answer, data = self.receive(line)
            except (OSError, http.client.HTTPException) as error:
                raise Lost(str(error)) from None
            finally:
                line.close()
            where = answer.getheader("Location")
            if answer.status not in (301, 302, 303, 307, 308) or not where:
                break
            if urlsplit(where).netloc:
                parts = urlsplit(where)
            target = urlsplit(where).path + (f"?{urlsplit(where).query}" if urlsplit(where).query else "")
        return self.with_status(answer.status, data)
