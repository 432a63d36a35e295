"""The Chinese sentences: Chinese punctuation, and Alipay's own terms."""

import re
from pathlib import Path

import pytest

import alipay_qr
import alipay_qr_conformance
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.texts import catalogue, interface, mistake_texts

PACKAGE = Path(alipay_qr_conformance.__file__).parent
PRODUCT = [*PACKAGE.rglob("*.py"), *Path(alipay_qr.__file__).parent.rglob("*.py")]
TEXTS = {
    **{f"findings.{key}": text for key, text in catalogue().items()},
    **{f"interface.{key}": text for key, text in interface().items()},
    **{
        f"mistakes.{key}.{part}": text
        for key, each in mistake_texts().items()
        for part, text in each._asdict().items()
    },
    **{
        f"requirements.{row.id}.{part}": getattr(row, part)
        for row in register().values()
        for part in ("title", "why", "mend", "excluded")
        if getattr(row, part)
    },
}
SENTENCES = {key: text.zh for key, text in TEXTS.items()}
SAME_IN_BOTH = {"interface.doctor.between", "interface.fact.note"}
"""What is nothing but its detail."""

HAN = "[\u4e00-\u9fff]"
"""A Chinese character."""


def test_there_are_sentences():
    assert len(SENTENCES) > 500
    assert {key for key, each in SENTENCES.items() if not re.search(HAN, each)} == SAME_IN_BOTH
    assert [key for key, text in TEXTS.items() if re.search(HAN, text.en)] == []


def test_both_languages_have_the_same_details():
    details = {key: [set(re.findall(r"{(\w+)}", each)) for each in text] for key, text in TEXTS.items()}
    other = {key: each for key, each in details.items() if each[0] != each[1]}
    assert other == {"interface.argument.invalid": [{"kind", "value"}, {"value"}]}


def test_each_sentence_of_the_interface_is_said_somewhere():
    code = "\n".join(path.read_text("utf-8") for path in PRODUCT)
    whole = set(re.findall(r"""["']([a-z0-9-]+(?:\.[a-z0-9-]+)+)["']""", code))
    families = set(re.findall(r"""f["']([a-z-]+\.)\{""", code)) | {"argument."}
    unsaid = [
        key
        for key in interface()
        if key.removesuffix(".one") not in whole and not key.startswith(tuple(families))
    ]
    assert unsaid == []


def test_no_product_code_holds_a_chinese_sentence():
    assert [str(path) for path in PRODUCT if re.search(HAN, path.read_text("utf-8"))] == []


def test_punctuation_beside_chinese_is_chinese():
    wrong = re.compile(rf"{HAN} ?[,;:(]|[,;)] ?{HAN}")
    code = re.compile(r"\w+\(\)|md5\(.*?\)|seed\.md, [\w ]+")
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
