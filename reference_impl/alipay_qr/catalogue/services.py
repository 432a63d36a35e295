"""The services put together: one table a profile, built once."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from alipay_qr.catalogue import biz_data, errors, requests, responses
from alipay_qr.catalogue.fields import PROFILES, Changes, Service, vary
from alipay_qr.errors import ParameterError

_GLOBAL: Final = (
    Service(
        name="alipay.commerce.qrcode.create",
        alias="CREATE",
        operation="create_qr_code",
        clause=requests.CREATE,
        request=requests.CREATE_REQUEST,
        biz_data=biz_data.BIZ_DATA,
        response=responses.CREATE_RESPONSE,
        notes="two codes a store at most, with and without channel fee; business codes not retrievable",
    ),
    Service(
        name="alipay.acquire.cancel",
        alias="CANCEL",
        operation="cancel",
        clause=requests.CANCEL,
        request=requests.CANCEL_REQUEST,
        response=responses.CANCEL_RESPONSE,
        errors=errors.CANCEL_ERRORS,
    ),
    Service(
        name="alipay.acquire.overseas.spot.refund",
        alias="REFUND",
        operation="refund",
        clause=requests.REFUND,
        request=requests.REFUND_REQUEST,
        response=responses.REFUND_RESPONSE,
        errors=errors.REFUND_ERRORS,
    ),
    Service(
        name="alipay.acquire.overseas.query",
        alias="QUERY",
        clause=requests.QUERY,
        request=requests.QUERY_REQUEST,
        response=responses.QUERY_RESPONSE,
        errors=errors.QUERY_ERRORS,
    ),
    Service(
        name="alipay.commerce.qrcode.modify",
        alias="MODIFY",
        clause=requests.MODIFY,
        request=requests.MODIFY_REQUEST,
        biz_data=biz_data.BIZ_DATA,
        response=responses.CREATE_RESPONSE,
        notes="secondary_merchant_id and sys_service_provider_id cannot change, a channel fee not go away",
    ),
    Service(
        name="alipay.commerce.qrcode.modifyStatus",
        alias="MODIFY_STATUS",
        clause=requests.MODIFY_STATUS,
        request=requests.MODIFY_STATUS_REQUEST,
        response=responses.STATUS_RESPONSE,
    ),
    Service(
        name="notify_verify",
        alias="NOTIFY_VERIFY",
        clause=requests.NOTIFY_VERIFY,
        request=requests.NOTIFY_VERIFY_REQUEST,
        notes="answers the plain text true, false (unknown, acknowledged) or invalid (wrong parameters)",
    ),
)

_HK_PAGES: Final = {
    requests.CREATE: requests.CREATE_HK,
    requests.MODIFY: requests.MODIFY_HK,
    requests.MODIFY_STATUS: requests.MODIFY_STATUS_HK,
    requests.CANCEL: requests.CANCEL_HK,
    requests.REFUND: requests.REFUND_HK,
    requests.QUERY: requests.QUERY_HK,
}
_HK_CHANGES: Final[Mapping[str, Changes]] = {
    "MODIFY": requests.MODIFY_REQUEST_HK,
    "MODIFY_STATUS": requests.MODIFY_STATUS_REQUEST_HK,
    "REFUND": requests.REFUND_REQUEST_HK,
    "QUERY": requests.QUERY_REQUEST_HK,
}
_HK_ALSO: Final = {"REFUND": requests.REFUND_REQUEST_HK_ALSO}


def _hk(edition: Service) -> Service:
    """Return the hk edition of a service, which cites the hk pages."""
    request = vary(edition.request, _HK_CHANGES.get(edition.alias, {})) + _HK_ALSO.get(edition.alias, ())
    members = vary(edition.biz_data, biz_data.BIZ_DATA_HK) if edition.biz_data else ()

    def cited(clause: str) -> str:
        return _HK_PAGES.get(clause, clause)

    return Service(
        name=edition.name,
        alias=edition.alias,
        operation=edition.operation,
        clause=cited(edition.clause),
        request=vary(request, {each.name: {"clause": cited(each.clause)} for each in request}),
        biz_data=vary(members, {each.name: {"clause": cited(each.clause)} for each in members}),
        response=edition.response,
        errors=edition.errors,
        notes=edition.notes,
    )


SERVICES: Final[Mapping[str, Service]] = MappingProxyType({each.name: each for each in _GLOBAL})
"""The services of the ``global`` profile by their names."""

OPERATIONS: Final[Mapping[str, Service]] = MappingProxyType(
    {each.operation: each for each in _GLOBAL if each.operation}
)
"""The services that a merchant offers its users, by the operation: create_qr_code, cancel, refund."""

_EDITIONS: Final[Mapping[str, Mapping[str, Service]]] = {
    "global": SERVICES,
    "hk": {each.name: _hk(each) for each in _GLOBAL},
}
_NAMES: Final = {each.alias: each.name for each in _GLOBAL}


def find_service(name: str, profile: str = "global") -> Service | None:
    """Return the service with this name in a profile, or None.

    Raises:
        ParameterError: there is no such profile.
    """
    edition = _EDITIONS.get(profile)
    if edition is None:
        raise ParameterError(
            f"profile {profile[:20]!r} is unknown",
            code="profile.unknown",
            hint=f"choose one of {', '.join(PROFILES)}",
        )
    return edition.get(name)


def service(name: str, profile: str = "global") -> Service:
    """Return a service by its name or its alias (``CREATE``).

    Raises:
        ParameterError: there is no such service, or no such profile.
    """
    found = find_service(_NAMES.get(name, name), profile)
    if found is None:
        raise ParameterError(
            f"service {name[:60]!r} is unknown",
            code="service.unknown",
            hint=f"choose one of {', '.join(SERVICES)}",
        )
    return found
