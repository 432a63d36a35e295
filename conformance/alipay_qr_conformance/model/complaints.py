"""What is wrong with a wish, in English and Chinese: the code raises the English sentence.

The Chinese one is found by its form in ``texts/complaints.toml``. A sentence that no form fits stays English.
What may be a key that was typed in the wrong place is shown in neither.
"""

import re
from functools import cache
from typing import Final

from alipay_qr_conformance.model.texts import complaints, interface, labelled, say
from alipay_qr_conformance.model.verdicts import Text

_ABOUT: Final = re.compile(r"argument (?P<name>.+?): (?P<rest>.+)", re.DOTALL)
_HINT: Final = re.compile(r"(?P<said>.+) \((?P<hint>(?:(?! \().)+)\)", re.DOTALL)
_BRACKETS: Final = "\uff08\uff09"
_KEY: Final = re.compile(
    r"(?<![\w/.-])(?=[a-zA-Z]*\d)[A-Za-z0-9]{32}(?![\w/.-])|[A-Za-z0-9+/=]{100,}|-----BEGIN.*", re.DOTALL
)
"""An MD5 key, the base64 of an RSA key, or its PEM."""


def spared(text: str) -> str:
    """Return a text without what may be a key that was typed in the wrong place."""
    return _KEY.sub(lambda found: f"<{len(found[0])} characters>", text)


def in_both(sentence: str) -> Text:
    """Return a sentence about the command line, as argparse or the kit writes it, with the Chinese one.

    What looks like a key in it is not shown.
    """
    sentence = spared(sentence)
    if about := _ABOUT.fullmatch(sentence):
        return Text(sentence, say("usage.about", "zh", name=about["name"], rest=in_both(about["rest"]).zh))
    return Text(sentence, _chinese(sentence) or sentence)


def _chinese(sentence: str) -> str:
    """Return a sentence in Chinese, empty where nobody knows it: whole, with a hint, or in two parts."""
    for text, form in _forms():
        if found := form.fullmatch(sentence):
            parts = {name: _chinese(part) or part for name, part in found.groupdict().items()}
            return text.zh.format_map(parts)
    if (hint := _HINT.fullmatch(sentence)) and (told := _chinese(hint["hint"])):
        return f"{_chinese(hint['said']) or hint['said']}{_BRACKETS[0]}{told}{_BRACKETS[1]}"
    before, colon, rest = sentence.partition(": ")
    if colon and (told := _chinese(rest)):
        return labelled(_chinese(before) or before, "zh", told)
    return ""


@cache
def _forms() -> tuple[tuple[Text, re.Pattern[str]], ...]:
    arguments = [text for key, text in interface().items() if key.startswith("argument.")]
    return tuple((text, _form(text.en)) for text in (*arguments, *complaints()))


def _form(template: str) -> re.Pattern[str]:
    """Return what matches the sentences of a template; each ``{name}`` is a group."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template)), re.DOTALL)
