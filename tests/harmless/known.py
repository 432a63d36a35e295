"""What is said falsely against harmless variants today: ``known.toml``, which is to shrink to nothing.

    words = ["kind"]         words of hello and policy that variants use and the contract does not have yet

    ["family/name"]
    kinds = ["F8"]           the kinds of false accusation; see `KINDS`
    object = ["money.x"]     requirements it is accused of, met as an object in the global edition
    hk = [...]               the same in the hk edition, where it differs from `object`
    listener = [...]         likewise `listener`, `blackbox`, `process` and `http`; `hk-listener` and so on

An entry that ends with a dot stands for the requirements that begin so, and is gone when nothing at all is
said: what a queue is accused of depends on the speed of the machine.
"""

import tomllib
from functools import cache
from pathlib import Path

KINDS = {
    "F1": "an injected fault meets another call than the one under test",
    "F2": "nobody waits for a shop with a queue",
    "F3": "what the shop repeated by itself is not counted",
    "F4": "a profile's messages break the profile's own rules",
    "F5": "a late but whole and rightly signed answer that the merchant waited for",
    "F6": "once read as at once",
    "F8": "REFUND instead of CANCEL, or CANCEL instead of REFUND, on the day",
    "F10": "a level withheld without a finding",
    "F9": "a documented default filled in",
    "F11": "the simulated answers do not look like genuine ones",
    "F12": "answers that are not read",
    "B": "debatable: the sources are silent, inferred or in conflict",
    "C": "a word of the contract is missing",
    "P": "the adapter protocol allows it in so many words",
}


@cache
def _table():
    return tomllib.loads(Path(__file__).with_name("known.toml").read_text("utf-8"))


def missing_words():
    """The words that the contract does not have yet."""
    return set(_table()["words"])


def known():
    """What is said falsely, by variant."""
    return {name: row for name, row in _table().items() if name != "words"}


def excused(name, profile="global", channel="object"):
    """The entries for one way of meeting a variant."""
    row = known().get(name, {})
    ways = (
        [channel, "object"] if profile == "global" else [f"{profile}-{channel}", channel, profile, "object"]
    )
    if channel == "object" and profile != "global":
        ways = [profile, "object"]
    return set(next((row[way] for way in ways if way in row), ()))


def covers(entry, requirement):
    """Whether an entry of the table stands for a requirement."""
    return requirement == entry or (entry.endswith(".") and requirement.startswith(entry))


def compare(said, entries):
    """What is said beyond the entries, and the entries for which nothing is said any more."""
    new = {each: text for each, text in said.items() if not any(covers(entry, each) for entry in entries)}
    gone = [entry for entry in entries if not (entry.endswith(".") and said) and entry not in said]
    return new, sorted(gone)
