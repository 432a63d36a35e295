"""The doctor names what was done wrong; the wrong signs are made here, without its code."""

import base64
import hashlib
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_MD5_KEY, TEST_PRIVATE_KEY_PHP
from alipay_qr.keys import load_private_key, load_public_key, public_key_forms
from alipay_qr.wire import encode_response
from alipay_qr_conformance.doctor import explain_params
from alipay_qr_conformance.reading.responses import read_answer

KEY = "k3yk3yk3yk3yk3yk3yk3yk3yk3yk3y99"
REFUND = {
    "service": "alipay.acquire.overseas.spot.refund",
    "partner": "2088101568338364",
    "_input_charset": "UTF-8",
    "partner_trans_id": "T1001",
    "partner_refund_id": "R1001",
    "refund_amount": "0.10",
    "currency": "USD",
    "notify_url": "https://shop.example/notify?x=1",
    "refund_reason": "张三 & Söhne",
    "is_sync": "",
}
CREATE = {
    "service": "alipay.commerce.qrcode.create",
    "partner": "2088101568338364",
    "_input_charset": "UTF-8",
    "timestamp": "2026-11-23 10:00:00",
    "biz_type": "OVERSEASHOPQRCODE",
    "biz_data": '{"store_name":"小店","address":"1/F","rate":0.10}',
}
NOTIFICATION = {
    "notify_id": "a1",
    "notify_type": "trade_status_sync",
    "out_trade_no": "T1",
    "total_fee": "0.10",
    "subject": "Tea & co",
    "discount": "0",
    "body": " two\nlines",
}


def text(params, leave_out=("sign", "sign_type")):
    return "&".join(f"{k}={v}" for k, v in sorted(params.items()) if v != "" and k not in leave_out)


def md5(content, key=KEY, charset="utf-8"):
    data = content if isinstance(content, bytes) else content.encode(charset)
    return hashlib.md5(data + key.encode()).hexdigest()


def each(params, function):
    return {name: function(value) for name, value in params.items()}


def explain(params, sign, sign_type="MD5", **options):
    message = {**params, "sign_type": sign_type, "sign": sign}
    return explain_params(
        message, params.get("_input_charset", "UTF-8"), sign_type, sign, md5_key=KEY, **options
    )


def ids(diagnosis):
    return [mistake.id for mistake in diagnosis.mistakes]


SINGLE = {
    "params.sign-type-signed": (REFUND, md5(text({**REFUND, "sign_type": "MD5"}, ("sign",)))),
    "params.empty-signed": (REFUND, md5("&".join(f"{k}={v}" for k, v in sorted(REFUND.items())))),
    "params.null-signed": (REFUND, md5(text({**REFUND, "is_sync": "null"}))),
    "params.left-out": (REFUND, md5(text(REFUND, ("currency",)))),
    "params.charset-unsigned": (REFUND, md5(text(REFUND, ("_input_charset",)))),
    "params.charset-other": (REFUND, md5(text({**REFUND, "_input_charset": "utf-8"}))),
    "params.charset-added": (
        {k: v for k, v in REFUND.items() if k != "_input_charset"},
        md5(text(REFUND)),
    ),
    "params.absent-signed": (CREATE, md5(text(CREATE).replace("&partner=", "&notify_url=&partner="))),
    "params.extra": ({**NOTIFICATION, "s": "/pay"}, md5(text(NOTIFICATION))),
    "order.insertion": (CREATE, md5("&".join(f"{k}={v}" for k, v in CREATE.items()))),
    "order.reversed": (CREATE, md5("&".join(f"{k}={v}" for k, v in sorted(CREATE.items(), reverse=True)))),
    "join.trailing": (REFUND, md5(text(REFUND) + "&")),
    "join.leading": (REFUND, md5("https://mapi.alipay.com/gateway.do?" + text(REFUND))),
    "join.blank": (CREATE, md5(text(CREATE).replace("&", "& "))),
    "url.encoded": (REFUND, md5(text(each(REFUND, quote_plus)))),
    "text.url-encoded": (CREATE, md5(quote(text(CREATE), safe=""))),
    "html.escaped": (NOTIFICATION, md5(text(each(NOTIFICATION, html.escape)))),
    "html.unescaped": (each(NOTIFICATION, html.escape), md5(text(NOTIFICATION))),
    "json.slashes-escaped": (
        CREATE,
        md5(text({**CREATE, "biz_data": CREATE["biz_data"].replace("/", "\\/")})),
    ),
    "json.unicode-escaped": (CREATE, md5(text(CREATE).replace("小店", "\\u5c0f\\u5e97"))),
    "json.rewritten": (CREATE, md5(text({**CREATE, "biz_data": json.dumps(json.loads(CREATE["biz_data"]))}))),
    "value.number": (REFUND, md5(text({**REFUND, "refund_amount": "0.1"}))),
    "value.timestamp": (CREATE, md5(text({**CREATE, "timestamp": "2026-11-23 10:00:01"}))),
    "value.timezone": (CREATE, md5(text({**CREATE, "timestamp": "2026-11-23 02:00:00"}))),
    "value.trimmed": (NOTIFICATION, md5(text(each(NOTIFICATION, str.strip)))),
    "value.newline": (NOTIFICATION, md5(text(each(NOTIFICATION, lambda v: v.replace("\n", "\r\n"))))),
    "value.zero-dropped": (NOTIFICATION, md5(text({k: v for k, v in NOTIFICATION.items() if v != "0"}))),
    "charset.other": (CREATE, md5(text(CREATE), charset="gbk")),
    "charset.mojibake": (CREATE, md5(text(CREATE).encode().decode("latin-1"))),
    "key.blank": (REFUND, md5(text(REFUND), KEY + "\n")),
    "key.missing": (REFUND, md5(text(REFUND), "")),
    "key.partner": (REFUND, md5(text(REFUND), REFUND["partner"])),
    "key.other": (REFUND, md5(text(REFUND), TEST_MD5_KEY)),
    "key.joined": (REFUND, md5(text(REFUND) + "&key=")),
    "digest.twice": (REFUND, md5(md5(text(REFUND)), "")),
    "digest.other-hash": (REFUND, hashlib.sha256((text(REFUND) + KEY).encode()).hexdigest()),
    "form.hex-case": (REFUND, md5(text(REFUND)).upper()),
    "form.base64-digest": (REFUND, base64.b64encode(bytes.fromhex(md5(text(REFUND)))).decode()),
}


@pytest.mark.parametrize("mistake", SINGLE)
def test_a_single_mistake_is_named(mistake):
    params, sign = SINGLE[mistake]
    diagnosis = explain(params, sign)
    named = [ids(diagnosis), *([each.id for each in group] for group in diagnosis.equivalents)]
    assert diagnosis.verdict == "explained"
    assert [mistake] in named
    assert diagnosis.expected_presign == text(params)


PAIRS = {
    "GBK and a newline at the key": (
        CREATE, md5(text(CREATE), KEY + "\n", "gbk"), {"charset.other", "key.blank"},
    ),
    "sign_type signed and a trailing &": (
        REFUND,
        md5(text({**REFUND, "sign_type": "MD5"}, ("sign",)) + "&"),
        {"params.sign-type-signed", "join.trailing"},
    ),
    "encoded and in capitals": (
        REFUND, md5(text(each(REFUND, quote_plus))).upper(), {"url.encoded", "form.hex-case"},
    ),
    "entities received and zero dropped": (
        each(NOTIFICATION, html.escape),
        md5(text({k: v for k, v in NOTIFICATION.items() if v != "0"})),
        {"html.unescaped", "value.zero-dropped"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_two_mistakes_are_named_together(name):
    params, sign, wanted = PAIRS[name]
    diagnosis = explain(params, sign)
    assert wanted in [set(ids(diagnosis)), *({each.id for each in group} for group in diagnosis.equivalents)]


def test_a_mistake_that_matters_only_after_another_is_found():
    params = {**CREATE, "_input_charset": "GBK", "biz_data": '{"a":"b"}'}
    data = ("\ufeff" + text(params)).encode().decode("latin-1").encode()
    assert ids(explain(params, md5(data))) == ["text.bom", "charset.mojibake"]


def test_the_sign_of_a_response_is_explained_too():
    fields = {"result_code": "SUCCESS", "qrcode": "https://qr.alipay.com/x?a=1&b=2"}
    sign = md5(text({**fields, "is_success": "T"}))
    (given_,) = read_answer(encode_response(fields, sign=sign, sign_type="MD5", charset="UTF-8")).candidates
    wrong = explain_params(given_.params, given_.charset, "MD5", given_.sign, md5_key=KEY, received=True)
    assert [(each.id, each.detail) for each in wrong.mistakes] == [("params.default-signed", "is_success=T")]
    escaped = md5(text(each(fields, html.escape)))
    found = explain_params(given_.params, given_.charset, "MD5", escaped, md5_key=KEY, received=True)
    assert ids(found) == ["html.escaped"]


def test_three_mistakes_are_named_together():
    sign = md5(text({**REFUND, "sign_type": "MD5"}, ("sign",)) + "&", KEY + "\n")
    assert set(ids(explain(REFUND, sign))) == {"params.sign-type-signed", "join.trailing", "key.blank"}


@pytest.mark.parametrize("params", [REFUND, CREATE, NOTIFICATION], ids=["refund", "create", "notification"])
def test_a_right_sign_is_valid(params):
    diagnosis = explain(params, md5(text(params)))
    assert (diagnosis.verdict, diagnosis.mistakes) == ("valid", ())


@pytest.mark.parametrize("sign", ["0" * 32, "f" * 40, "x", "=", "A" * 172, "ab" * 64, "深" * 32, "0" * 9000])
def test_noise_is_never_explained(sign):
    diagnosis = explain(REFUND, sign, budget=20_000)
    assert diagnosis.verdict == "unexplained"
    assert diagnosis.signed_presign is None


@settings(deadline=None, database=None, derandomize=True, max_examples=25)
@given(
    st.dictionaries(st.text("abcxyz_", min_size=1, max_size=8), st.text(max_size=12), max_size=6),
    st.binary(min_size=16, max_size=16),
)
def test_no_message_makes_noise_explained_or_the_doctor_fail(params, noise):
    assert explain(params, noise.hex(), budget=1_000).verdict == "unexplained"


@settings(deadline=None, database=None, derandomize=True, max_examples=25)
@given(
    st.dictionaries(
        st.text("abcxyz_", min_size=1, max_size=8).filter(lambda name: name not in {"sign", "sign_type"}),
        st.text(st.characters(codec="utf-8"), max_size=12),
        max_size=6,
    )
)
def test_a_right_sign_is_valid_whatever_the_message(params):
    assert explain(params, md5(text(params))).verdict == "valid"


@pytest.mark.parametrize("sign", [None, "", " ", "null", "None", "false"])
def test_no_sign_at_all_is_said_at_once(sign):
    diagnosis = explain_params(REFUND, "UTF-8", "MD5", sign, md5_key=KEY)
    assert ids(diagnosis) in (["sign.missing"], ["sign.empty"])
    assert diagnosis.expected_presign == text(REFUND)


@pytest.mark.parametrize("spelling", ["md5", " MD5", "Md5"])
def test_a_misspelt_sign_type_is_a_mistake_of_its_own(spelling):
    assert ids(explain(REFUND, md5(text(REFUND)), sign_type=spelling)) == ["sign-type.form"]


def test_a_mistake_without_effect_is_never_named():
    ascii_only = {**CREATE, "biz_data": '{"a":"b"}'}
    diagnosis = explain(ascii_only, md5(text(ascii_only), KEY + "\n", "gbk"))
    assert ids(diagnosis) == ["key.blank"]
    assert all("charset.other" not in [each.id for each in group] for group in diagnosis.equivalents)


def test_the_simplest_explanation_wins_and_equals_are_listed():
    diagnosis = explain({"a": "1", "b": "0"}, md5("a=1"))
    assert len(diagnosis.mistakes) == 1
    assert {"value.zero-dropped", "params.left-out"} <= {
        mistake.id for group in (diagnosis.mistakes, *diagnosis.equivalents) for mistake in group
    }


def test_the_md5_key_never_shows():
    leaky = {**REFUND, "refund_reason": f"key {KEY} pasted"}
    for sign in (md5(text(leaky)), md5(text(leaky), KEY + " "), "0" * 32):
        diagnosis = explain(leaky, sign, budget=2_000)
        assert KEY not in repr(diagnosis)
        assert KEY not in json.dumps(diagnosis.to_json(), ensure_ascii=False)


def test_an_unencodable_character_has_no_right_sign_and_the_replacement_is_found():
    params = {**REFUND, "_input_charset": "GB2312", "refund_reason": "\U0001f600"}
    diagnosis = explain(params, md5(text(params).replace("\U0001f600", "?")))
    assert ids(diagnosis) == ["charset.replaced"]
    assert any(code == "presign.unencodable" for code, _ in diagnosis.facts)


# --- RSA -----------------------------------------------------------------------------------------------
MERCHANT = load_private_key(TEST_PRIVATE_KEY_PHP)
STRANGER = rsa.generate_private_key(65537, 1024)  # noqa: S505 (the size that sign_type RSA goes with)


def signed(content, algorithm=None, key=MERCHANT, scheme=None):
    raw = key.sign(content.encode(), scheme or padding.PKCS1v15(), algorithm or SHA1())
    return base64.b64encode(raw).decode()


def explain_rsa(sign, sign_type="RSA", params=REFUND, **options):
    return explain_params(
        {**params, "sign_type": sign_type, "sign": sign},
        "UTF-8",
        sign_type,
        sign,
        public_key=MERCHANT.public_key(),
        **options,
    )


RSA_CASES = {
    "right": (signed(text(REFUND)), "RSA", []),
    "right RSA2": (signed(text(REFUND), SHA256()), "RSA2", []),
    "SHA-256 under RSA": (signed(text(REFUND), SHA256()), "RSA", ["digest.rsa-hash"]),
    "MD5 inside": (signed(text(REFUND), MD5()), "RSA", ["digest.rsa-hash"]),
    "PSS": (signed(text(REFUND), scheme=padding.PSS(padding.MGF1(SHA1()), 20)), "RSA", ["digest.rsa-form"]),
    "line breaks": (
        "\n".join(signed(text(REFUND))[i : i + 64] for i in range(0, 172, 64)),
        "RSA",
        ["form.line-breaks"],
    ),
    "plus to blank": (signed(text(REFUND)).replace("+", " "), "RSA", ["form.plus-as-blank"]),
    "base64 twice": (base64.b64encode(signed(text(REFUND)).encode()).decode(), "RSA", ["form.base64-twice"]),
    "hex": (base64.b64decode(signed(text(REFUND))).hex(), "RSA", ["form.rsa-hex"]),
    "digest signed": (signed(hashlib.sha1(text(REFUND).encode()).hexdigest()), "RSA", ["digest.of-digest"]),
    "under MD5": (signed(text(REFUND)), "MD5", ["sign-type.mismatch"]),
    "sign_type signed": (
        signed(text({**REFUND, "sign_type": "RSA"}, ("sign",))),
        "RSA",
        ["params.sign-type-signed"],
    ),
}


@pytest.mark.parametrize("name", RSA_CASES)
def test_rsa_is_opened_and_explained(name):
    sign, sign_type, wanted = RSA_CASES[name]
    assert ids(explain_rsa(sign, sign_type)) == wanted


def test_an_unknown_rsa_key_is_told_at_once():
    diagnosis = explain_rsa(signed(text(REFUND), key=STRANGER))
    assert (diagnosis.verdict, diagnosis.tried) == ("unexplained", 0)
    assert diagnosis.facts[-1][0] == "rsa.no-key" or any(code == "rsa.no-key" for code, _ in diagnosis.facts)


def test_of_several_keys_it_says_whose_signed():
    diagnosis = explain_rsa(
        signed(text(REFUND), key=STRANGER), candidates=[("the other shop", STRANGER.public_key())]
    )
    assert [(each.id, each.detail) for each in diagnosis.mistakes] == [("key.other-rsa", "the other shop")]


def test_an_unknown_text_under_the_right_key_is_told_apart_from_a_wrong_key():
    diagnosis = explain_rsa(signed("something else"), budget=2_000)
    assert {"rsa.key", "rsa.hash", "rsa.text"} <= {code for code, _ in diagnosis.facts}


def test_ones_own_public_key_cannot_verify_alipay():
    notification = {**NOTIFICATION, "sign_type": "RSA"}
    sign = signed(text(notification), key=STRANGER)
    diagnosis = explain_params(
        {**notification, "sign": sign}, "UTF-8", "RSA", sign,
        public_key=MERCHANT.public_key(), private_key=MERCHANT,
        candidates=[("Alipay", STRANGER.public_key())],
    )  # fmt: skip
    assert ids(diagnosis) == ["key.own-public"]


PUBLIC = {
    "the given public key": public_key_forms(STRANGER.public_key()),
    "the test account's public key": public_key_forms(load_private_key(TEST_PRIVATE_KEY_PHP).public_key()),
    "Alipay's public test key": public_key_forms(load_public_key(TEST_ALIPAY_PUBLIC_KEY)),
}
FORMS = {
    "a file": lambda pem, _: pem,
    "without its line end": lambda pem, _: pem.strip(),
    "bare": lambda _, bare: bare,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("whose", PUBLIC)
def test_the_text_of_a_public_key_in_place_of_the_md5_key_is_told(whose, form):
    sign = md5(text(REFUND), FORMS[form](*PUBLIC[whose]))
    diagnosis = explain_params(REFUND, "UTF-8", "MD5", sign, md5_key=KEY, public_key=STRANGER.public_key())
    assert ids(diagnosis) == ["key.other"]
    assert diagnosis.mistakes[0].detail.endswith(f"text of {whose}")


def test_a_key_may_be_given_as_text():
    sign = signed(text(REFUND))
    diagnosis = explain_params(
        REFUND, "UTF-8", "RSA", sign, private_key=TEST_PRIVATE_KEY_PHP, public_key=TEST_ALIPAY_PUBLIC_KEY
    )
    assert ids(diagnosis) == ["key.other-rsa"]


HOSTILE = {
    "a thousand parameters": {f"p{number}": "x" for number in range(1000)},
    "a megabyte": {"a": "%41&<" * 200_000},
    "deep JSON": {"biz_data": "{" * 5_000},
    "lone surrogates": {"a": "\ud800", "b": '{"x":"\udc00"}'},
    "a number without end": {"fee": "9" * 5_000},
    "control characters": {"a\n": "\0\x1b[31m", "": "x"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_messages_cost_little_and_are_not_explained(name):
    diagnosis = explain(HOSTILE[name], "0" * 32, budget=5_000)
    assert diagnosis.verdict == "unexplained"
    json.dumps(diagnosis.to_json("zh"))
