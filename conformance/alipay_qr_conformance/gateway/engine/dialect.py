"""The forms in which Alipay writes, where genuine messages or public sources differ.

The defaults of `Dialect` are what the most and the newest genuine messages show; `VARIANTS` names the other
forms, each with its source. All of them are legal: a merchant should take every one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from alipay_qr.errors import ParameterError

CREATED: Final = frozenset({"CREATE", "MODIFY", "MODIFY_STATUS"})
"""The services that `Dialect.create_form` is about, by alias."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the gateway writes.

    Args:
        create_form: the element of CREATE, MODIFY and MODIFY_STATUS: ``qrcodeinfo`` has no ``result_code``
            (public code: mantx/alipay-api-wrapper, 2018), ``alipay`` has one.
        refund_reason: where the reason of a refused REFUND stands: in ``error``
            (global.alipay.com/doc/global/spot_refund_cn; public code: Alipay's own SDK class), or as for
            CANCEL in ``detail_error_code`` and ``detail_error_des``.
        echo_sign: whether ``<request>`` repeats ``sign`` and ``sign_type`` (genuine answers of the acquire
            family do, 2014 to 2021).
        gbk_without_query: whether answers are in GBK where ``_input_charset`` does not stand in the URL.
        notification: the field set: ``acquire``, or the leaner ``forex``.
        notify_content_type: ``clean``, or the ``malformed`` one.
        query_in_body: whether the query of a ``notify_url`` comes as fields of the body, unsigned, before
            Alipay's own (global.alipay.com help page 201602631377; genuine notification of 2015-08-19).
    """

    create_form: Literal["qrcodeinfo", "alipay"] = "qrcodeinfo"
    refund_reason: Literal["error", "detail"] = "error"
    echo_sign: bool = True
    gbk_without_query: bool = False
    notification: Literal["acquire", "forex"] = "acquire"
    notify_content_type: Literal["clean", "malformed"] = "clean"
    query_in_body: bool = True

    def but(self, names: Iterable[str]) -> "Dialect":
        """Return the dialect with variants by name.

        Raises:
            ParameterError: there is no such variant.
        """
        changes: dict[str, Any] = {}
        for name in names:
            if name not in VARIANTS:
                raise ParameterError(
                    f"there is no variant {name[:40]!r}",
                    code="dialect.unknown",
                    hint=f"choose from {', '.join(VARIANTS)}",
                )
            changes |= VARIANTS[name].changes
        return replace(self, **changes)

    def content_type(self, charset: str) -> str:
        """Return the Content-Type of a notification in a charset."""
        media_type = "application/x-www-form-urlencoded"
        malformed = "; text/html" if self.notify_content_type == "malformed" else ""
        return f"{media_type}{malformed}; charset={charset.upper()}"


class Variant(NamedTuple):
    """Another genuine or published form: what it changes of `Dialect`, and its source."""

    changes: Mapping[str, Any]
    source: str


VARIANTS: Final[Mapping[str, Variant]] = MappingProxyType(
    {
        "create-alipay": Variant(
            {"create_form": "alipay"},
            "genuine answer of alipay.mobile.qrcode.manage, 2016-08-05: <alipay> with result_code",
        ),
        "refund-detail-error": Variant(
            {"refund_reason": "detail"}, "public code: qfpay library reads detail_error_* for refunds too"
        ),
        "echo-without-sign": Variant(
            {"echo_sign": False}, "genuine answers of single_trade_query, 2015 and 2020"
        ),
        "gbk-without-query": Variant(
            {"gbk_without_query": True},
            "genuine answers to UTF-8 requests that declare GBK, 2016 to 2021; the cause is inferred",
        ),
        "forex-notification": Variant(
            {"notification": "forex"}, "genuine notification of the forex family, 2018-04-11"
        ),
        "malformed-content-type": Variant(
            {"notify_content_type": "malformed"},
            "genuine notifications, 2015 to 2018: expressjs/body-parser#137, alipay/alipay-sdk-nodejs-all#15",
        ),
        "query-in-url": Variant({"query_in_body": False}, "any other HTTP client; not seen of Alipay"),
    }
)
"""The other forms by name."""
