"""Answerers that are wrong about addresses: notify_url and its like."""

import re
from urllib.parse import urlsplit

from zoo.answerers import answerer
from zoo.answerers_calls import Form


@answerer("takes any text for an address")
class AnyAddress(Form):
    def is_url(self, value):
        return True


@answerer("takes for an address what a parser finds a host in")
class AddressWithHost(Form):
    def is_url(self, value):
        try:
            return bool(urlsplit(value).netloc)
        except ValueError:
            return False


@answerer("takes https alone")
class HttpsOnly(Form):
    def schemes(self):
        return {"https"}


@answerer("takes an address in small letters alone")
class AddressInSmallLetters(Form):
    def is_url(self, value):
        return value == value.lower() and super().is_url(value)


@answerer("knows no ports but the usual ones")
class UsualPorts(Form):
    def is_port(self, text):
        return not text


@answerer("takes any number for a port")
class AnyPort(Form):
    def is_port(self, text):
        return re.fullmatch(r"(?::\w+)?", text) is not None


@answerer("knows hosts by their names alone")
class NamedHosts(Form):
    def is_host(self, text):
        return not text[:1].isdigit() and text[:1] != "[" and super().is_host(text)


@answerer("wants a path")
class PathNeeded(Form):
    def is_path(self, text):
        return len(text) > 1 and super().is_path(text)


@answerer("takes no query and no encoded path")
class PathOfLetters(Form):
    def is_path(self, text):
        return re.fullmatch(r"[A-Za-z/]*", text) is not None


@answerer("takes letters and points for the name of a host")
class HostOfLetters(Form):
    def is_host(self, text):
        return "-" not in text and super().is_host(text)


@answerer("wants PHP")
class AddressOfPhp(Form):
    def is_url(self, value):
        return ".php" not in value and super().is_url(value)
