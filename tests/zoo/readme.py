"""Writes README.md beside it: one table of all animals. ``python tests/zoo/readme.py``"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from zoo.runner import animals  # noqa: E402

README = Path(__file__).with_name("README.md")
HEAD = """# The zoo

Merchants in which exactly one thing is wrong. The kit must accuse each of what its vice deserves, and of
nothing else; that is how the kit's own verdict is tested. `keeper.py` holds the healthy one, which shares no
code with the packages under test, and every animal overrides one rule of it. Cousins are right in another
way than the healthy one: accusing them would be a false alarm.

`pytest tests/zoo -n 2` takes some three minutes. It leaves out, per animal, the slowest cases that cannot
concern it; `ALIPAY_QR_ZOO=full pytest tests/zoo -n 2` leaves out nothing.

A new check arrives with an animal: one class, one line that names the vice, and the requirements that it
deserves, reasoned from the register (`alipay-qr show ID`), never copied from the kit's output. Where the
kit then says something else, one of the two is wrong: find out which. Write this file anew with
`python tests/zoo/readme.py`.

The animals prove the golden vectors, too: `make kills` computes whom each of them exposes, into
`vectors/kills.json` and `docs/vectors.md`. Kinds of vectors that no operation of an adapter asks about have
answerers of their own, in `answerers_*.py`.
"""


def text():
    """The whole README."""
    parts = [HEAD]
    faulty = {name: kind for name, kind in animals().items() if kind.expects}
    parts.append(f"\n## {len(faulty)} animals\n\n| animal | vice | deserves |\n|---|---|---|\n")
    for name, kind in faulty.items():
        deserved = ", ".join(f"`{each}`" for each in sorted(kind.expects))
        parts.append(f"| {name} | {kind.vice} | {deserved} |\n")
    cousins = {name: kind for name, kind in animals().items() if not kind.expects}
    parts.append(f"\n## {len(cousins)} cousins\n\n| cousin | habit |\n|---|---|\n")
    parts += [f"| {name} | {kind.vice} |\n" for name, kind in cousins.items()]
    return "".join(parts)


if __name__ == "__main__":
    README.write_text(text(), encoding="utf-8")
