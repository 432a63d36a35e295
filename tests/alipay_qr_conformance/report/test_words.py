"""Everything that people read exists in English and Chinese, with the same details."""

import re
import string
from importlib import import_module

import pytest

from alipay_qr_conformance.model.verdicts import Text

MODULES = [
    "alipay_qr_conformance.model.known_failures",
    "alipay_qr_conformance.report.comparison",
    "alipay_qr_conformance.report.exchange",
    "alipay_qr_conformance.report.formats",
    "alipay_qr_conformance.report.terminal",
    "alipay_qr_conformance.report.words",
    "alipay_qr_conformance.cli.statement",
]


def texts(name):
    for label, value in vars(import_module(name)).items():
        found = value.items() if isinstance(value, dict) else [("", value)]
        yield from ((f"{label}.{key}", text) for key, text in found if isinstance(text, Text))


def details(text):
    return sorted(field for _, field, _, _ in string.Formatter().parse(text) if field)


@pytest.mark.parametrize("name", MODULES, ids=lambda name: name.removeprefix("alipay_qr_conformance."))
def test_both_languages_say_it(name):
    found = dict(texts(name))
    assert found
    assert [label for label, text in found.items() if not re.search("[\u4e00-\u9fff]", text.zh)] == []
    assert [label for label, text in found.items() if re.search("[\u4e00-\u9fff]", text.en)] == []
    assert [label for label, text in found.items() if details(text.en) != details(text.zh)] == []
