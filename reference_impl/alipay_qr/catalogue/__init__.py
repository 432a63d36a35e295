"""The catalogue: the protocol's messages as data, each row with its source.

fields     `Field`, `Service`, `ErrorCode`, `Problem`; the form of one value
requests   parameters of each service       biz_data   members of CREATE's JSON, and its reader
responses  children of each response, and the notification      errors   error codes
services   all of it put together, for the profiles ``global`` and ``hk``
validate   the problems of a message
schema     the same as JSON Schema, for readers in other languages

Where sources disagree the seed wins, and the row's notes record the variant.
"""

from alipay_qr.catalogue.errors import GATEWAY_ERRORS
from alipay_qr.catalogue.fields import PROFILES, Condition, ErrorCode, Field, Problem, Service
from alipay_qr.catalogue.responses import NOTIFICATION
from alipay_qr.catalogue.schema import (
    biz_data_schema,
    json_schema,
    notification_schema,
    response_schema,
)
from alipay_qr.catalogue.services import OPERATIONS, SERVICES, service
from alipay_qr.catalogue.validate import notification_problems, problems

__all__ = [
    "GATEWAY_ERRORS",
    "NOTIFICATION",
    "OPERATIONS",
    "PROFILES",
    "SERVICES",
    "Condition",
    "ErrorCode",
    "Field",
    "Problem",
    "Service",
    "biz_data_schema",
    "json_schema",
    "notification_problems",
    "notification_schema",
    "problems",
    "response_schema",
    "service",
]
