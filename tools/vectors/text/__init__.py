"""What the signed text is: one module a rule.

Each case stands in ``presign.json`` and, signed three ways, in ``sign_md5.json``, ``sign_rsa.json``, ``sign_rsa2.json``:
clients have one function for each sign type, and each of them has its own mistakes.
"""

from tools.vectors.case import Case, cases_of
from tools.vectors.text import (
    charsets,
    emptiness,
    exclusion,
    joining,
    order,
    plain,
    raw,
    verbatim,
    whitespace,
)


def cases() -> list[Case]:
    """Return all cases, in the order of the rules."""
    return cases_of((plain, exclusion, emptiness, order, joining, raw, whitespace, verbatim, charsets))
