"""The sentences of an audit, in English and Chinese; they stand in ``texts/audit.toml``."""

import tomllib
from functools import cache
from importlib.resources import files

from alipay_qr_conformance.audit.kit import Text, message
from alipay_qr_conformance.audit.tally import Cause


@cache
def sentences() -> dict[str, Text]:
    """Return all sentences by key."""
    table = tomllib.loads((files("alipay_qr_conformance") / "texts" / "audit.toml").read_text("utf-8"))
    return {key: Text(**row) for key, row in table.items()}


def say(key: str, lang: str, **details: object) -> str:
    """Return a sentence in a language with its details filled in.

    Raises:
        KeyError: no such sentence: a fault of the kit, found by the tests.
    """
    return sentences()[key].in_language(lang).format_map(details)


def cause_text(cause: Cause) -> Text:
    """Return what a cause says; those of the rules stand in the kit's own catalogue."""
    found = sentences().get(cause.key)
    if found is None:
        return message(cause.key, **dict(cause.details))
    details = dict(cause.details)
    if ended := details.get("ended"):
        word = sentences()[f"ended.{ended}"]
        return Text(found.en.format_map({"ended": word.en}), found.zh.format_map({"ended": word.zh}))
    return Text(found.en.format_map(details), found.zh.format_map(details))


def reason_text(reason: str) -> Text:
    """Return why something was not judged, or not read."""
    known = sentences()
    name = reason.partition(":")[0]
    return known.get(f"reason.{name}") or known[f"skip.{name}"]
