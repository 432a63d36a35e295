"""The doctor: which mistake explains this sign, this key, this request.

    explain_params   parameters, sign and key -> Diagnosis
    render_text      a Diagnosis for a terminal, in English or Chinese
    model            the values: Diagnosis, Mistake, Attempt
    mistakes         each as a small transformation of the signing path; pipeline: the path
    sign             from a sign to its explanation
        encoding, rsa, evidence    what a sign says by itself
        hashing                    how key and text are joined and hashed
        space, search, alternatives    what can be done, and its combinations, best first
    inputs           URL, POST body, curl line, HAR entry, notification, response XML -> parameters
    key              what is wrong with a key file

A mistake is named only where it reproduces the received sign bit by bit.
"""

from alipay_qr_conformance.doctor.model import Attempt, Diagnosis, Mistake
from alipay_qr_conformance.doctor.render import render_text
from alipay_qr_conformance.doctor.sign.explain import DEPTH, explain_params
from alipay_qr_conformance.doctor.sign.search import DEFAULT_BUDGET

__all__ = ["DEFAULT_BUDGET", "DEPTH", "Attempt", "Diagnosis", "Mistake", "explain_params", "render_text"]
