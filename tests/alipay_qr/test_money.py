"""Amounts: exact, in the decimals of their currency, and never a float."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr.errors import AmountError
from alipay_qr.money import CURRENCIES, WHOLE_NUMBER_CURRENCIES, exponent, format_amount, parse_amount

ANY_CURRENCY = st.sampled_from(sorted(CURRENCIES))


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        ("0.10", "USD", "0.10"),
        ("0.1", "USD", "0.1"),
        ("0", "USD", "0"),
        ("9999999.99", "USD", "9999999.99"),
        ("100", "JPY", "100"),
        ("9999999", "KRW", "9999999"),
    ],
)
def test_parse(text, currency, value):
    assert parse_amount(text, currency) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("", "USD", "amount.form"),
        ("-1", "USD", "amount.form"),
        ("+1", "USD", "amount.form"),
        (" 1", "USD", "amount.form"),
        ("1\n", "USD", "amount.form"),
        ("1.", "USD", "amount.form"),
        (".5", "USD", "amount.form"),
        ("01", "USD", "amount.form"),
        ("1e2", "USD", "amount.form"),
        ("1,00", "USD", "amount.form"),
        ("1_0", "USD", "amount.form"),
        ("NaN", "USD", "amount.form"),
        ("Infinity", "USD", "amount.form"),
        ("\u0661", "USD", "amount.form"),
        ("100.999", "USD", "amount.form"),
        ("10000000", "USD", "amount.form"),
        ("9" * 10_000, "USD", "amount.form"),
        ("100.00", "JPY", "amount.decimals"),
        ("0.5", "KRW", "amount.decimals"),
        (0.3, "USD", "amount.not-text"),
        ("1", "usd", "currency.form"),
        ("1", "", "currency.form"),
        ("1", "USDT", "currency.form"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_amount(text, currency, code):
    with pytest.raises(AmountError) as caught:
        parse_amount(text, currency)
    assert caught.value.code == code
    assert len(str(caught.value)) < 250


@given(st.integers(0, 999_999_999), ANY_CURRENCY)
def test_there_and_back(units, currency):
    decimals = exponent(currency)
    amount = Decimal(units % 10 ** (7 + decimals)).scaleb(-decimals)
    text = format_amount(amount, currency)
    assert parse_amount(text, currency) == amount
    assert format_amount(parse_amount(text, currency), currency) == text
    assert len(text.partition(".")[2]) == decimals


@given(st.text(max_size=12), ANY_CURRENCY)
def test_any_text_is_an_amount_or_an_amount_error(text, currency):
    try:
        amount = parse_amount(text, currency)
    except AmountError:
        return
    assert 0 <= amount < 10**7


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("0.1", "USD", "0.10"),
        ("1E+2", "USD", "100.00"),
        ("100.00", "JPY", "100"),
        ("0", "HKD", "0.00"),
        ("9999999.99", "USD", "9999999.99"),
        ("9999999", "JPY", "9999999"),
    ],
)
def test_format(amount, currency, text):
    assert format_amount(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("-0.01", "amount.form"),
        ("-0", "amount.form"),
        ("NaN", "amount.form"),
        ("sNaN", "amount.form"),
        ("Infinity", "amount.form"),
        ("10000000", "amount.form"),
        ("1E+999999", "amount.form"),
        ("0.001", "amount.decimals"),
        ("1E-999999", "amount.decimals"),
        ("0." + "1" * 5000, "amount.decimals"),
    ],
    ids=lambda value: value[:20],
)
def test_what_cannot_be_written(amount, code):
    with pytest.raises(AmountError) as caught:
        format_amount(Decimal(amount), "USD")
    assert caught.value.code == code
    assert len(str(caught.value)) < 250


def test_a_float_is_refused_and_told_why():
    with pytest.raises(AmountError, match="float") as caught:
        format_amount(0.3, "USD")
    assert caught.value.code == "amount.not-decimal"


def test_whole_number_currencies_are_currencies():
    assert WHOLE_NUMBER_CURRENCIES <= CURRENCIES
