"""`explain_params`: parameters, a sign and a key in, a `Diagnosis` out.

The order is Alipay's own order for ILLEGAL_SIGN: the form of the sign and the key first (both are read,
not guessed), then the pre-sign string (searched).
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.errors import Unencodable
from alipay_qr.presign import Params, encode, presign_text
from alipay_qr_conformance.doctor.message import Known, codec_of, is_large, message, space
from alipay_qr_conformance.doctor.mistakes import RARITY, mistake
from alipay_qr_conformance.doctor.model import KEY_MARK, Attempt, Diagnosis, Explanation, Mistake, Verdict
from alipay_qr_conformance.doctor.pipeline import Message
from alipay_qr_conformance.doctor.sign.alternatives import alternatives
from alipay_qr_conformance.doctor.sign.evidence import (
    EXPECTED,
    Evidence,
    Facts,
    Interpretation,
    interpretations_of,
)
from alipay_qr_conformance.doctor.sign.keys import CandidateKeys, candidate_keys
from alipay_qr_conformance.doctor.sign.search import DEFAULT_BUDGET, Match, Met, Result, search
from alipay_qr_conformance.doctor.sign.space import Space
from alipay_qr_conformance.reading.message import Pairs

DEPTH: Final = 3
_NOTHING: Final = frozenset({"null", "none", "undefined", "false", "nil", "array", "0"})
_NEAREST: Final = 6
_USUAL_SIZE: Final = 2048
"""Bytes: beyond it a hypothesis costs more, and fewer are tried."""

_EQUIVALENTS: Final = 8


class _Case(NamedTuple):
    """Everything about the message that does not depend on how the sign is read."""

    found: Message
    space: Space
    codec: str
    deduced: tuple[Mistake, ...]
    facts: Facts
    declared: str
    sign: str
    keys: CandidateKeys


def explain_params(  # noqa: PLR0913 (the parts of a case, all but four by keyword)
    params: Params,
    charset: str,
    sign_type: str,
    sign: str | None,
    *,
    md5_key: str | None = None,
    public_key: RSAPublicKey | str | None = None,
    private_key: RSAPrivateKey | str | None = None,
    candidates: Iterable[tuple[str, RSAPublicKey]] = (),
    md5_candidates: Iterable[tuple[str, str]] = (),
    received: bool | None = None,
    sent_in: str = "",
    budget: int = DEFAULT_BUDGET,
    depth: int = DEPTH,
    known: Met = frozenset(),
) -> Diagnosis:
    """Say which mistake, or combination of mistakes, turns the right sign of ``params`` into ``sign``.

    Args:
        params: the message as it was sent or received; ``sign`` and ``sign_type`` may be among them.
        charset: the value of ``_input_charset``, or the charset that the message was read with.
        sign_type: as declared; it may be misspelt, that is one of the mistakes.
        sign: the sign to explain; None where the message has none.
        md5_key: the account's key; the public test account's by default. It never shows in the result.
        public_key: the key that ought to verify: the merchant's own for a request, Alipay's for a
            notification or a response. By default the half of ``private_key``, else the test account's.
        private_key: the merchant's, to recognise signs made or encrypted with it; nothing is signed.
        candidates: other public keys by label, to say whose key signed.
        md5_candidates: other MD5 keys by label.
        received: True where the message came from Alipay; by default told from its parameters.
        sent_in: the charset of the bytes on the wire, where that was found to be another than ``charset``.
        budget: how many hypotheses to compare at most (some 150,000 a second); depth 1 takes about 1,500.
        depth: how many mistakes may be combined: 1 to 3.
        known: mistakes of the same sender's other messages, by id and detail: they are combined first.

    Raises:
        KeyTextError: a key text cannot be read.
    """
    found, fields = message(params, charset, sign_type, received=received)
    keys = candidate_keys(
        md5_key=md5_key,
        public_key=public_key,
        private_key=private_key,
        candidates=tuple(candidates),
        md5_candidates=tuple(md5_candidates),
        received=found.received,
    )
    case = _case(found, fields, sign or "", keys, sent_in)
    if (absent := _no_sign(sign)) is not None:
        only = Explanation((absent,), case.space.right or b"", presign_text(params), charset)
        return _diagnosis(case, "explained", only, (), case.facts, 0, exhausted=False)
    return _examine(case, budget=budget, depth=depth, known=known)


def _case(found: Message, known: Known, sign: str, keys: CandidateKeys, sent_in: str) -> _Case:
    charset, sign_type = found.charset, found.sign_type
    deduced = [mistake("wire.charset", sent_in)] if sent_in else []
    facts: list[tuple[str, str]] = []
    codec = codec_of(charset)
    if codec is None:
        deduced.append(mistake("charset.unknown", charset[:40]))
        codec = "utf-8"
    declared = sign_type.strip().upper()
    if not declared:
        deduced.append(mistake("sign-type.missing"))
    elif declared != sign_type or declared not in EXPECTED:
        deduced.append(mistake("sign-type.form", repr(sign_type[:40])))
    searched = space(found, known, codec)
    if (partner := _partner(found)) not in ("", TEST_PARTNER) and keys.md5_default and keys.public_default:
        facts.append(("key.test-partner", partner))
    facts += [("json.broken", name) for name in _broken_json(found)]
    if is_large(found):
        facts.append(("message.large", ""))
    if searched.right is None:
        facts.append(("presign.unencodable", _unencodable(found, charset)))
    return _Case(found, searched, codec, tuple(deduced), tuple(facts), declared, sign, keys)


def _partner(found: Message) -> str:
    values = dict(zip(found.names, found.full, strict=True))
    return values.get("partner") or values.get("seller_id") or ""


def _broken_json(found: Message) -> Iterable[str]:
    for name, value in zip(found.names, found.base, strict=True):
        if value and value.startswith("{"):
            try:
                json.loads(value)
            except (ValueError, RecursionError):
                yield name


def _unencodable(found: Message, charset: str) -> str:
    try:
        encode("&".join(value for value in found.base if value), charset)
    except Unencodable as error:
        return str(error)
    return charset


def _no_sign(sign: str | None) -> Mistake | None:
    if sign is None:
        return mistake("sign.missing")
    text = sign.strip()
    return mistake("sign.empty", repr(sign)) if not text or text.lower() in _NOTHING else None


def _examine(case: _Case, *, budget: int, depth: int, known: Met) -> Diagnosis:
    """Try every reading of the sign, the plainest first, and keep the simplest explanation."""
    interpretations, facts = interpretations_of(_evidence(case))
    budget //= max(1, len(case.space.right or b"") // _USUAL_SIZE)
    tried, exhausted = 0, False
    best: tuple[tuple[int, int], Interpretation, list[Match]] | None = None
    for interpretation in interpretations:
        limit, most = (max(1, each - len(interpretation.deduced)) for each in (depth, DEPTH))
        result = search(
            case.space,
            interpretation.target,
            depth=limit,
            budget=max(1, budget - tried),
            known=known,
            most=most,
        )
        tried += result.tried
        exhausted = exhausted or result.exhausted
        if result.matches:
            matches = _with_equals(case, interpretation, result)
            mistakes = (*interpretation.deduced, *matches[0].mistakes)
            cost = len(mistakes), sum(each.cost for each in mistakes)
            if best is None or cost < best[0]:
                best = cost, interpretation, matches
            if len(mistakes) <= len(interpretation.deduced) + 1:
                break
    if best is None:
        facts = (*case.facts, *facts, *(interpretations[0].facts if interpretations else ()))
        if interpretations:
            facts = (*facts, ("rsa.text" if _names_a_key(facts) else "md5.undecided", ""))
        return _diagnosis(
            case,
            "unexplained",
            None,
            (),
            facts,
            tried,
            exhausted=exhausted,
            interpretation=interpretations[:1],
        )
    _, interpretation, matches = best
    facts = (*case.facts, *facts, *interpretation.facts)
    first, *others = [_explanation(case, interpretation, match) for match in matches]
    if not first.mistakes:
        return _diagnosis(case, "valid", first, (), (*facts, ("valid", "")), tried, exhausted=False)
    facts = (*facts, ("reproduced", ""))
    found = _diagnosis(case, "explained", first, tuple(others), facts, tried, exhausted=False)
    return replace(found, alike=partial(_is_alike, case, interpretation, matches[0]))


def _with_equals(case: _Case, interpretation: Interpretation, result: Result) -> list[Match]:
    """Return the matches of a search and what nobody can tell from the first, the most frequent first."""
    matches = [*result.matches, *alternatives(case.space, interpretation.target, result.matches[0])]
    return sorted(matches, key=lambda each: (each.cost, each.rank)) if result.of_known else matches


def _is_alike(  # noqa: PLR0917 (a search that ended, and the four parts of another message)
    case: _Case,
    interpretation: Interpretation,
    match: Match,
    params: Pairs,
    charset: str,
    sign_type: str,
    sign: str,
) -> bool:
    """Say whether another message was signed with the same mistakes, each of them needed."""
    other = _compared(params, charset, sign_type, sign, case.found.received, case.keys)
    if (other.found.names, other.found.charset) != (case.found.names, case.found.charset):
        return False
    if (_partner(other.found), other.deduced) != (_partner(case.found), case.deduced):
        return False
    data = other.space.combined(match.elements)
    if data is None or other.declared != case.declared:
        return False
    digest = match.attachment.digest(data)
    if case.sign == match.attachment.digest(match.data).hex():  # nothing is wrong with its form
        fits = sign == digest.hex()
    else:
        fits = any(
            each.deduced == interpretation.deduced and each.target.accepts(digest)
            for each in interpretations_of(_evidence(other))[0]
        )
    return fits and all(
        other.space.combined((*match.elements[:place], *match.elements[place + 1 :])) != data
        for place in range(len(match.elements))
    )


@lru_cache(maxsize=1)
def _compared(
    params: Pairs,
    charset: str,
    sign_type: str,
    sign: str,
    received: bool,  # noqa: FBT001
    keys: CandidateKeys,
) -> _Case:
    """Return a message that is compared with others, one after the other."""
    found, known = message(params, charset, sign_type, received=received)
    return _case(found, known, sign, keys, "")


def _evidence(case: _Case) -> Evidence:
    return Evidence(
        case.sign, case.declared, case.deduced, case.keys, _partner(case.found), case.found.received
    )


def _names_a_key(facts: Facts) -> bool:
    """Say whether the facts prove whose key signed."""
    return any(code == "rsa.key" for code, _ in facts)


def _explanation(case: _Case, interpretation: Interpretation, match: Match) -> Explanation:
    text, steps = case.space.text(match.elements)
    return Explanation(
        (*interpretation.deduced, *match.mistakes),
        match.data,
        text,
        steps.charset_name,
        match.attachment.shown,
    )


def _diagnosis(  # noqa: PLR0913 (the parts of a result)
    case: _Case,
    verdict: Verdict,
    first: Explanation | None,
    others: tuple[Explanation, ...],
    facts: Facts,
    tried: int,
    *,
    exhausted: bool,
    interpretation: list[Interpretation] | None = None,
) -> Diagnosis:
    def hide(text: str) -> str:
        secret = case.keys.md5_key
        return text if secret == TEST_MD5_KEY else text.replace(secret, KEY_MARK)

    def clean(mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
        return tuple(Mistake(each.id, hide(each.detail), each.cost) for each in mistakes)

    pairs = [
        (name, value)
        for name, value in zip(case.found.names, case.found.base, strict=True)
        if value is not None
    ]
    attachment = "{text}" if case.declared in {"RSA", "RSA2"} else "{text}" + KEY_MARK
    explained = (
        first
        if first is not None
        and (verdict == "valid" or first.mistakes[0].id not in {"sign.missing", "sign.empty"})
        else None
    )
    listed = dict.fromkeys(clean(each.mistakes) for each in sorted(others, key=lambda each: each.cost))
    mistakes = clean(first.mistakes) if first is not None else ()
    listed.pop(mistakes, None)
    return Diagnosis(
        verdict=verdict,
        sign_type=case.declared,
        sign=case.sign,
        mistakes=mistakes,
        equivalents=tuple(listed)[:_EQUIVALENTS],
        expected_presign=hide(presign_text(pairs)),
        signed_presign=hide(explained.text) if explained else None,
        expected_bytes=case.space.right,
        signed_bytes=explained.signed if explained else None,
        expected_charset=case.found.charset,
        signed_charset=explained.charset if explained else None,
        expected_seal=attachment,
        signed_seal=explained.attachment if explained else None,
        facts=tuple(dict.fromkeys(facts)),
        nearest=_nearest(case, interpretation[0]) if interpretation else (),
        tried=tried,
        exhausted=exhausted,
        received=case.found.received,
    )


def _nearest(case: _Case, interpretation: Interpretation) -> tuple[Attempt, ...]:
    """Return the likeliest single mistakes that would show in this message and were ruled out."""
    singles = [element.mistake for element in case.space.elements]
    singles += [attachment.mistakes[0] for attachment in interpretation.target.attachments(1)]
    likely: dict[str, Mistake] = {}
    for each in sorted(singles, key=lambda each: (each.cost, RARITY[each.id])):
        likely.setdefault(each.id, each)
    return tuple(Attempt(each) for each in list(likely.values())[:_NEAREST])
