import pytest

from alipay_qr_conformance.subjects import AdapterFault, OperationLimits
from alipay_qr_conformance.subjects.hello import parse_hello
from alipay_qr_conformance.subjects.transcript import golden


@pytest.fixture
def said():
    return dict(golden()[0].answer["result"])


def test_every_field_arrives(said):
    hello = parse_hello(said)
    assert (hello.name, hello.version, hello.language) == ("golden", "1.0", "any")
    assert hello.sign_types == ("MD5", "RSA", "RSA2")
    assert (hello.clock, hello.parallel) == (True, False)
    assert hello.limits == {"verify": OperationLimits(sources=("notification",))}
    assert hello.slowest_answer == 90.0
    assert hello.notify_url is None
    assert (hello.kind, hello.currencies) == ("shop", ())


def test_the_words_of_libraries_and_of_shops_abroad_are_taken(said):
    hello = parse_hello(said | {"kind": "library", "currencies": ["EUR", "JPY"], "charsets": ["GB2312"]})
    assert (hello.kind, hello.currencies, hello.charsets) == ("library", ("EUR", "JPY"), ("GB2312",))


def test_only_what_is_required_is_needed(said):
    optional = ["features", "limits", "slowest_answer", "notify_url", "homepage", "issues", "runtime"]
    hello = parse_hello({name: value for name, value in said.items() if name not in optional})
    assert (hello.features, dict(hello.limits), hello.slowest_answer) == ((), {}, None)


def test_empty_php_arrays_and_nulls_are_taken(said):
    hello = parse_hello(said | {"limits": [], "features": [], "homepage": None, "runtime": None})
    assert dict(hello.limits) == {}
    assert dict(parse_hello(said | {"limits": {"sign": []}}).limits) == {"sign": OperationLimits()}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("protocol", "2", "this kit speaks"),
        ("name", None, "write a string"),
        ("operations", "sign", "list of strings"),
        ("operations", [True], "write a string"),
        ("sign_types", ["MD5", "md5"], "has 'md5'"),
        ("sign_types", [], "is empty"),
        ("charsets", ["utf-8"], "has 'utf-8'"),
        ("kind", "shops", "write shop or library"),
        ("currencies", ["usd"], "has 'usd'"),
        ("currencies", "USD", "no list"),
        ("clock", "false", "without quotes"),
        ("parallel", None, "no boolean"),
        ("limits", "none", "no object"),
        ("limits", {"sign": "MD5"}, "no object"),
        ("limits", {"sign": {"sign_types": ["SHA"]}}, "has 'SHA'"),
        ("name", "x" * 501, "has 501 characters"),
        ("operations", [f"op{n}" for n in range(501)], "has 501 members"),
        ("limits", {f"op{n}": {} for n in range(501)}, "has 501 members"),
        ("slowest_answer", "soon", "seconds"),
        ("slowest_answer", "nan", "seconds"),
        ("slowest_answer", "-1", "seconds"),
        ("notify_url", "merchant.example", "http://"),
        ("notify_url", "http://[", "http://"),
        ("notify_url", "ftp://127.0.0.1/", "http://"),
    ],
)
def test_an_illegal_field_ends_the_run_with_its_name(said, field, value, words):
    with pytest.raises(AdapterFault, match=field) as caught:
        parse_hello(said | {field: value})
    assert words in str(caught.value)
    assert caught.value.code.startswith("hello.")


@pytest.mark.parametrize(
    "field", ["protocol", "name", "operations", "sign_types", "charsets", "clock", "parallel"]
)
def test_a_required_field_must_be_there(said, field):
    del said[field]
    with pytest.raises(AdapterFault, match="is absent"):
        parse_hello(said)
