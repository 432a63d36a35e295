"""Sentences for people, in English and Chinese, as they stand in the files of ``texts/``.

    findings.toml     what a finding or a verdict says: `message`
    interface.toml    what commands, reports, the doctor and the sandbox say: `say`, `sentence`
    mistakes.toml     title, explanation and remedy of each mistake of the doctor: `mistake_texts`
    complaints.toml   what is said of a command line, a file or an adapter that is wrong: `complaints`
    help.toml         what --help says: `help_texts`
    test_values.toml  values of test messages that hold Chinese characters: `sample`

``{name}`` marks a detail. A file is read when the first of its sentences is asked for.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from alipay_qr_conformance.model.verdicts import Text

_LONGEST_DETAIL = 300
_PLACE: Final = re.compile(r":? ?\({detail}\)|（{detail}）|[:：]? ?{detail}")


class MistakeText(NamedTuple):
    """What the doctor says of one mistake."""

    title: Text
    explanation: Text
    remedy: Text


@cache
def catalogue() -> Mapping[str, Text]:
    """Return the sentences of findings by key."""
    return {key: Text(**row) for key, row in _table("findings").items()}


@cache
def interface() -> Mapping[str, Text]:
    """Return the sentences of commands and reports by key."""
    return {key: Text(**row) for key, row in _table("interface").items()}


@cache
def mistake_texts() -> Mapping[str, MistakeText]:
    """Return what the doctor says of each mistake, by its id."""
    return {
        key: MistakeText(**{part: Text(**row) for part, row in parts.items()})
        for key, parts in _table("mistakes").items()
    }


@cache
def complaints() -> tuple[Text, ...]:
    """Return what the kit says of a wish that cannot be meant, most special first."""
    return tuple(Text(**row) for row in _table("complaints")["said"])


@cache
def tried() -> Mapping[str, str]:
    """Return in Chinese what cases try, by the English sentence of their checks."""
    said: Mapping[str, str] = _table("cases")["said"]
    return said


_ENDS = frozenset({"", "*/", '"""', "/// </summary>", "package main"})
"""What stands behind the first paragraph of an adapter."""


def translated(text: str) -> str:
    """Return a file that ``init`` writes with its comments in Chinese."""
    table = _table("starters")
    lines, head = text.split("\n"), table["head"]
    at = next((at for at, line in enumerate(lines) if "Connects your code to alipay-qr" in line), None)
    if at is not None:
        lines[at] = lines[at].replace(lines[at][lines[at].index("Connects") :], head[0])
        mark = lines[at + 2].partition("Fill in")[0].replace("<p>", "")
        end = next(end for end in range(at + 2, len(lines)) if lines[end].strip() in _ENDS)
        lines[at + 2 : end] = [f"{mark}{line}" for line in head[1:]]
        text = "\n".join(lines)
    for row in sorted(table["said"], key=lambda row: -len(row["en"])):
        text = text.replace(row["en"], row["zh"])
    return text


@cache
def help_texts(command: str) -> Mapping[str, Text]:
    """Return the words of a command's help by the name of an option, such as those of ``report diff``."""
    table = _table("help")
    rows = table["everywhere"] | table.get(command, {})
    return {key: Text(**row) for key, row in rows.items()}


def with_detail(text: Text, detail: str) -> Text:
    """Return what is said of a mistake with its detail; without one, the brackets around it go too."""
    if detail:
        return Text(*(each.replace("{detail}", detail) for each in text))
    return Text(*(_PLACE.sub("", each) for each in text))


def mistake_remedy(mistake: str) -> Text:
    """Return what mends a mistake of the doctor, whatever its detail.

    Raises:
        KeyError: no such mistake.
    """
    return with_detail(mistake_texts()[mistake].remedy, "")


def message(key: str, /, **details: object) -> Text:
    """Return the sentence of a finding with its details filled in.

    Details come from subjects and are therefore cut short and never interpreted.

    Raises:
        KeyError: no such sentence: a fault of the kit, found by the tests.
    """
    text = catalogue()[key]
    shown = {name: _cut(str(value)) for name, value in details.items()}
    return Text(text.en.format_map(shown), text.zh.format_map(shown))


def sentence(key: str, /, **details: object) -> Text:
    """Return a sentence of a command or a report, in both languages.

    Raises:
        KeyError: no such sentence: a fault of the kit, found by the tests.
    """
    text = interface()[key]
    return Text(text.en.format_map(details), text.zh.format_map(details)) if details else text


def say(key: str, lang: str, /, **details: object) -> str:
    """Return a sentence of a command or a report in ``lang``; ``key.one``, if there, where ``n`` is 1."""
    one = f"{key}.one" if details.get("n") == 1 else ""
    text = interface().get(one, interface()[key]).in_language(lang)
    return text.format_map(details) if details else text


def labelled(label: str, lang: str, text: object = "") -> str:
    """Return a label and what it is about, with the colon of the language."""
    colon = "：" if lang == "zh" else ": "
    return f"{label}{colon}{text}".rstrip()


def sample(key: str, /) -> str:
    """Return a value of a test message that holds Chinese characters."""
    return _test_values()[key]


@cache
def _test_values() -> Mapping[str, str]:
    return _table("test_values")


def _table(name: str) -> dict[str, Any]:
    import tomllib  # here, since a command that says nothing of its own needs no parser
    from importlib.resources import files

    path = files("alipay_qr_conformance") / "texts" / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_DETAIL else f"{text[:_LONGEST_DETAIL]}... ({len(text)} characters)"
