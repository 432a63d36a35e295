"""The doctor: which mistake explains this sign, this key, this request.

    explain_params   parameters, sign and key -> Diagnosis
    render_text      a Diagnosis for a terminal, in English or Chinese
    model            the values: Diagnosis, Mistake, Attempt
    stages           the mistakes as small transformations of the signing path; rows: their words
    search           their combinations, best first
    rsa, sign_form   what a signature says by itself
    inputs           URL, POST body, curl line, HAR entry, notification, response XML -> parameters
    key_doctor       what is wrong with a key file

A mistake is named only where it reproduces the received sign bit by bit.
"""

from alipay_qr_conformance.doctor.explain import explain_params
from alipay_qr_conformance.doctor.model import Attempt, Diagnosis, Mistake
from alipay_qr_conformance.doctor.render import render_text
from alipay_qr_conformance.doctor.search import DEFAULT_BUDGET

__all__ = ["DEFAULT_BUDGET", "Attempt", "Diagnosis", "Mistake", "explain_params", "render_text"]
