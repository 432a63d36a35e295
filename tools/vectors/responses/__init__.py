"""Responses as a whole: which of them prove something about the request that was sent, and what they say.

envelope   how such a vector is described, and how Alipay's side writes XML
believed   genuine ones, with everything that makes readers refuse them wrongly
altered    genuine ones that were changed on the way, swapped, or made by somebody else
unsigned   those that nobody signed: errors of the gateway, and what pretends to be a success
"""

from typing import Any

from tools.vectors.expected import verify_response
from tools.vectors.question import groups as groups_of
from tools.vectors.responses import altered, believed, unsigned
from tools.vectors.responses.envelope import ALL, questions_for, with_golden_sign


def groups() -> list[dict[str, Any]]:
    """Return the groups of ``verify_response.json``: one a sign type."""
    asked = [each for sign_type in ALL for each in questions_for((believed, altered, unsigned), sign_type)]
    return groups_of("verify_response", asked, with_golden_sign(verify_response))
