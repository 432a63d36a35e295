import json
from datetime import UTC, datetime

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.beijing import format_timestamp
from alipay_qr.signing import Md5, sign_params
from alipay_qr.wire import Request, encode_form, read_response
from alipay_qr_conformance.gateway import Dialect, Engine, faults
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.create_form import CreateForm
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from catalogue_samples import BIZ_DATA

NOW = datetime(2026, 3, 9, 4, tzinfo=UTC)


class Shop:
    """A subject that takes answers of CREATE in some forms."""

    def __init__(self, *takes):
        self.takes = takes
        self.asked = 0
        self.engine = Engine(
            partner=TEST_PARTNER, md5_key=TEST_MD5_KEY, dialect=Dialect(create_form="alipay")
        )

        self.session = GatewaySession(self.engine, "http://127.0.0.1/gateway.do", NOW)

    def create(self):
        self.asked += 1
        params = {
            "service": "alipay.commerce.qrcode.create",
            "partner": TEST_PARTNER,
            "_input_charset": "UTF-8",
            "timestamp": format_timestamp(NOW),
            "notify_url": "https://shop.example/n",
            "biz_type": "OVERSEASHOPQRCODE",
            "biz_data": json.dumps(BIZ_DATA),
            "sign_type": "MD5",
        }
        signed = {**params, "sign": sign_params(params, Md5(TEST_MD5_KEY))}
        answer = self.engine.handle(Request("GET", encode_form(signed, "UTF-8").encode()), NOW)
        taken = read_response(answer.body).container in self.takes
        return Result({"outcome": "success" if taken else "unknown"})


@pytest.mark.parametrize(
    ("takes", "form", "asked", "outcome"),
    [
        (("alipay",), "alipay", 1, "success"),
        (("alipay", "qrcodeinfo"), "alipay", 1, "success"),
        (("qrcodeinfo",), "qrcodeinfo", 2, "success"),
        ((), "alipay", 2, "unknown"),
    ],
    ids=["alipay", "both", "qrcodeinfo", "neither"],
)
def test_each_form_is_tried_once_and_one_request_is_recorded(takes, form, asked, outcome):
    shop, agreed = Shop(*takes), CreateForm()
    answer = agreed.ask("create_qr_code", shop.session, shop.create)
    assert (answer.value["outcome"], agreed.form, agreed.settled) == (outcome, form, True)
    assert (shop.asked, len(shop.engine.records)) == (asked, 1)
    assert (shop.engine.dialect.create_form, agreed.dialect.create_form) == (form, form)


def test_an_answer_that_is_not_genuine_settles_nothing():
    shop, agreed = Shop(), CreateForm()
    assert agreed.ask("create_qr_code", shop.session, lambda: Result({})) == Result({})
    shop.engine.inject(faults.gateway_error("ILLEGAL_SIGN", "CREATE"))
    agreed.ask("create_qr_code", shop.session, shop.create)
    assert (agreed.settled, shop.asked) == (False, 1)
