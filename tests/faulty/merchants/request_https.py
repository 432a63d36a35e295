"""Merchants that break `request.https`: they speak to whoever answers."""

import http.client
import ssl
from urllib.parse import urlsplit

from faulty.reference import Healthy, Lost, fault, harmless


class SpeaksHttps(Healthy):
    def hello(self, protocol):
        return {**super().hello(protocol), "features": ["https_only"]}

    def tls(self):
        return ssl.create_default_context(cadata=self.settings.get("gateway_ca_pem"))

    def connection(self, parts):
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=self.timeout, context=self.tls()
        )


class SpeaksBoth(Healthy):
    def hello(self, protocol):
        return {**super().hello(protocol), "features": ["https"]}

    def connection(self, parts):
        if parts.scheme == "http":
            return super().connection(parts)
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=self.timeout, context=self.tls()
        )

    def tls(self):
        return ssl.create_default_context(cadata=self.settings["gateway_ca_pem"])


@harmless("speaks http on its own computer and https elsewhere")
class BothRightly(SpeaksBoth):
    pass


@fault("knows no authority but those of its system, whatever it is given: it reaches no gateway over https", "request.https")
class NoAuthority(SpeaksBoth):
    def tls(self):
        return ssl.create_default_context()


@fault("speaks https as well, and takes any certificate", "request.https")
class BothCarelessly(SpeaksBoth):
    def tls(self):
        return ssl._create_unverified_context()


# No finding.
@harmless("speaks https only, and knows its authority", found_by="blind 1")
class CarefulOverHttps(SpeaksHttps):
    pass


# Level 2, MUST: it talks to the gateway and nobody else: a certificate of nobody's is refused.
@fault("takes any certificate for that of the gateway", "request.https", found_by="blind 1")
class AnyCertificate(SpeaksHttps):
    def tls(self):
        return ssl._create_unverified_context()


# Level 2, MUST: the certificate is that of the host it calls.
@fault("checks who issued the certificate and not to whom", "request.https", found_by="blind 1")
class AnyHostName(SpeaksHttps):
    def tls(self):
        context = super().tls()
        context.check_hostname = False
        return context


# Level 2, MUST: a certificate that was right once proves nothing today.
@fault("takes a certificate that is out of date", "request.https", found_by="blind 1")
class AnyDate(SpeaksHttps):
    def tls(self):
        context = super().tls()
        context.verify_flags |= 0x200000  # X509_V_FLAG_NO_CHECK_TIME
        return context


# Level 2, MUST: whoever signs for himself is anybody.
@fault("trusts whatever certificate the server shows at first, if only it signs itself", "request.https", found_by="blind 1")
class TrustsAtFirstSight(SpeaksHttps):
    def transmit(self, url, method, query, body):
        parts = urlsplit(url or self.settings["gateway_url"])
        self.shown = ssl.get_server_certificate((parts.hostname, parts.port))
        return super().transmit(url, method, query, body)

    def tls(self):
        context = super().tls()
        if self.signs_itself(self.shown):
            context.load_verify_locations(cadata=self.shown)
        return context

    def signs_itself(self, pem):
        from cryptography import x509

        shown = x509.load_pem_x509_certificate(pem.encode())
        return shown.issuer == shown.subject


class Redirected(Exception):
    pass


# Level 2, MUST: what leaves over https does not leave again in the clear.
@fault("follows the gateway from https to plain http", "request.https", found_by="blind 1")
class FollowsIntoTheOpen(SpeaksHttps):
    def connection(self, parts):
        return (SpeaksHttps if parts.scheme == "https" else Healthy).connection(self, parts)

    def with_status(self, status, data):
        if status in (302, 307):
            raise Redirected
        return super().with_status(status, data)

    def receive(self, line):
        answer, data = super().receive(line)
        self.where = answer.getheader("Location") or ""
        return answer, data

    def transmit(self, url, method, query, body):
        try:
            return super().transmit(url, method, query, body)
        except Redirected:
            if not self.where.startswith("http://"):
                raise Lost("elsewhere") from None
        return Healthy.transmit(self, self.where, method, query, body)
