"""The tables: every row has its source, says nothing twice, and both profiles differ where the pages do."""

import re

import pytest

from alipay_qr.catalogue import GATEWAY_ERRORS, NOTIFICATION, OPERATIONS, PROFILES, SERVICES, service
from alipay_qr.catalogue.fields import Field, vary
from alipay_qr.errors import ParameterError
from alipay_qr.merchant import Merchant

EDITIONS = [(name, profile) for name in SERVICES for profile in PROFILES]
EVERY_EDITION = pytest.mark.parametrize(("name", "profile"), EDITIONS)


def tables(edition):
    return edition.request, edition.biz_data, edition.response


def field(alias, profile, name, table="request"):
    return next(each for each in getattr(service(alias, profile), table) if each.name == name)


@EVERY_EDITION
def test_every_row_has_a_source_and_a_name_of_its_own(name, profile):
    for table in (*tables(service(name, profile)), NOTIFICATION):
        names = [each.name for each in table]
        assert len(names) == len(set(names))
        assert all(each.clause for each in table)


@EVERY_EDITION
def test_every_pattern_is_portable_and_fits_its_example(name, profile):
    for table in (*tables(service(name, profile)), NOTIFICATION):
        for each in table:
            pattern = each.pattern or ""
            assert not re.search(r"\\[dwsDWSbB]|\(\?", pattern), each.name
            if each.pattern and each.example:
                assert re.fullmatch(pattern, each.example), each.name


@EVERY_EDITION
def test_conditions_belong_to_conditional_rows_and_name_a_neighbour(name, profile):
    for table in (*tables(service(name, profile)), NOTIFICATION):
        names = {each.name for each in table}
        for each in table:
            assert (each.required == "conditional") == (each.when is not None), each.name
            assert each.when is None or each.when.name in names - {each.name}


def test_error_codes_stand_once():
    codes = [each.code for each in GATEWAY_ERRORS]
    assert len(codes) == len(set(codes)) == 39
    for edition in SERVICES.values():
        business = [each.code for each in edition.errors]
        assert len(business) == len(set(business))
        assert {each.level for each in edition.errors} <= {"business"}


def test_access_errors_are_never_repeated_and_system_errors_are_queried():
    assert {(each.level, each.retry) for each in GATEWAY_ERRORS} == {
        ("gateway-access", "no"),
        ("gateway-system", "query"),
    }


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("CREATE", "alipay.commerce.qrcode.create"),
        ("CANCEL", "alipay.acquire.cancel"),
        ("REFUND", "alipay.acquire.overseas.spot.refund"),
        ("QUERY", "alipay.acquire.overseas.query"),
        ("MODIFY", "alipay.commerce.qrcode.modify"),
        ("MODIFY_STATUS", "alipay.commerce.qrcode.modifyStatus"),
        ("NOTIFY_VERIFY", "notify_verify"),
    ],
)
def test_a_service_is_found_by_name_and_alias(alias, name):
    assert service(alias) is service(name) is SERVICES[name]
    assert service(alias, "hk").name == name


@pytest.mark.parametrize(
    ("name", "profile", "code"),
    [("alipay.commerce.qrcode.query", "global", "service.unknown"), ("CREATE", "cn", "profile.unknown")],
)
def test_what_does_not_exist_is_said_so(name, profile, code):
    with pytest.raises(ParameterError) as caught:
        service(name, profile)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("alias", "table", "name", "attribute", "in_global", "in_hk"),
    [
        ("CREATE", "biz_data", "secondary_merchant_id", "max_length", 64, 32),
        ("CREATE", "biz_data", "secondary_merchant_name", "max_length", 64, 32),
        ("REFUND", "request", "currency", "values", (), ("HKD",)),
        ("REFUND", "request", "notify_url", "required", "conditional", "optional"),
        ("REFUND", "request", "_input_charset", "default", None, "GBK"),
        ("REFUND", "request", "_input_charset", "required", "optional", "optional"),
        ("QUERY", "request", "partner_trans_id", "required", "conditional", "required"),
        ("MODIFY", "request", "sign_type", "values", ("MD5", "RSA", "RSA2"), ("MD5",)),
        ("CREATE", "request", "notify_url", "required", "required", "required"),
    ],
)
def test_where_the_profiles_differ(alias, table, name, attribute, in_global, in_hk):
    assert getattr(field(alias, "global", name, table), attribute) == in_global
    assert getattr(field(alias, "hk", name, table), attribute) == in_hk


def test_the_seed_wins_over_the_pages():
    row = field("CREATE", "global", "notify_url")
    assert row.clause.startswith("seed.md")
    assert "optional" in row.notes


def test_the_hk_page_spells_the_reason_its_own_way():
    assert field("REFUND", "hk", "refund_reson").max_length == 128
    assert field("REFUND", "hk", "refund_reason").required == "undocumented"
    with pytest.raises(StopIteration):
        field("REFUND", "global", "refund_reson")


def test_a_change_to_no_field_is_an_error():
    with pytest.raises(KeyError, match="nothing"):
        vary((Field(name="a", required="optional", clause="x"),), {"nothing": {}})


def test_operations_are_methods_of_the_merchant():
    assert {operation: found.alias for operation, found in OPERATIONS.items()} == {
        "create_qr_code": "CREATE",
        "cancel": "CANCEL",
        "refund": "REFUND",
    }
    for operation, found in OPERATIONS.items():
        assert callable(getattr(Merchant, operation))
        assert service(found.name, "hk").operation == operation
