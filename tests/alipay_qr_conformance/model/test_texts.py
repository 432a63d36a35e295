"""The Chinese sentences: Chinese punctuation, and Alipay's own terms."""

import re

import pytest

from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.texts import catalogue

SENTENCES = {
    **{f"messages.{key}": text.zh for key, text in catalogue().items()},
    **{
        f"{row.id}.{part}": getattr(row, part).zh
        for row in register().values()
        for part in ("title", "why", "mend", "excluded")
        if getattr(row, part)
    },
}
HAN = "[\u4e00-\u9fff]"
"""A Chinese character."""


def test_there_are_sentences():
    assert len(SENTENCES) > 500
    assert [key for key, each in SENTENCES.items() if not re.search(HAN, each)] == []


def test_punctuation_beside_chinese_is_chinese():
    wrong = re.compile(rf"{HAN} ?[,;:(]|[,;)] ?{HAN}")
    code = re.compile(r"md5\(.*?\)|seed\.md, [\w ]+")
    assert {key: each for key, each in SENTENCES.items() if wrong.search(code.sub("", each))} == {}


@pytest.mark.parametrize(
    ("other", "ours"),
    [
        ("商家", "商户"),
        ("取消", "撤销"),
        ("待签名文本", "待签名字符串"),
        ("签名串", "待签名字符串"),
        ("私匙", "私钥"),
    ],
    ids=["merchant", "cancel", "text-to-sign", "string-to-sign", "private-key"],
)
def test_one_term_for_one_thing(other, ours):
    assert {key: each for key, each in SENTENCES.items() if other in each} == {}, f"write {ours}"
