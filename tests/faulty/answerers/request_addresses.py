"""Implementations that are wrong about addresses: notify_url and its like."""

import re
from urllib.parse import urlsplit

from faulty.answerers.registry import fault
from faulty.answerers.request import Form


@fault("takes any text for an address")
class AnyAddress(Form):
    def is_url(self, value):
        return True


@fault("takes for an address what a parser finds a host in")
class AddressWithHost(Form):
    def is_url(self, value):
        try:
            return bool(urlsplit(value).netloc)
        except ValueError:
            return False


@fault("takes https alone")
class HttpsOnly(Form):
    def schemes(self):
        return {"https"}


@fault("takes an address in small letters alone")
class AddressInSmallLetters(Form):
    def is_url(self, value):
        return value == value.lower() and super().is_url(value)


@fault("knows no ports but the usual ones")
class UsualPorts(Form):
    def is_port(self, text):
        return not text


@fault("takes any number for a port")
class AnyPort(Form):
    def is_port(self, text):
        return re.fullmatch(r"(?::\w+)?", text) is not None


@fault("knows hosts by their names alone")
class NamedHosts(Form):
    def is_host(self, text):
        return not text[:1].isdigit() and text[:1] != "[" and super().is_host(text)


@fault("wants a path")
class PathNeeded(Form):
    def is_path(self, text):
        return len(text) > 1 and super().is_path(text)


@fault("takes no query and no encoded path")
class PathOfLetters(Form):
    def is_path(self, text):
        return re.fullmatch(r"[A-Za-z/]*", text) is not None


@fault("takes letters and points for the name of a host")
class HostOfLetters(Form):
    def is_host(self, text):
        return "-" not in text and super().is_host(text)


@fault("wants PHP")
class AddressOfPhp(Form):
    def is_url(self, value):
        return ".php" not in value and super().is_url(value)
