"""docs/proof.md: how the kit itself is tested, in a paragraph and three figures each."""

import json
import re
from collections import Counter
from typing import Final

from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.vectors.load import load, names
from tools.pages import ROOT, module_of_tests
from tools.pages.vectors import KILLS

PAGE: Final = ROOT / "docs" / "proof.md"
MUTANTS: Final = ROOT / "docs" / "mutants.md"
TEXT: Final = """# Why the kit may be believed

Every check has a [faulty merchant](../tests/faulty/README.md) that fails it for that reason alone, and merchants that
are right in another way and must not be accused.

| {merchants} faulty merchants | {answerers} faulty implementations of other kinds | {rules} requirements with one that breaks them |
|---|---|---|

**Attacks.** What somebody without Alipay's key can try is edited from genuine messages; what counts is what the merchant
believes afterwards. `alipay-qr check -k "reject or unproved or believed"` tries it, `alipay-qr rules ID` says how to mend
it. Two attacks are weaknesses of the protocol itself (`notify.boundary`, and the boundary cases of
`notify.validate.amount`): the signed text does not say where a value ends, so that the merchant has to look.

| {attacked} requirements are attacks | {fall} faulty merchants fall for one | {least} fall for each at least |
|---|---|---|

**Vectors.** Each golden vector earns its place by whom it exposes; `vectors/kills.json` says it vector by vector.

| {vectors} vectors | {touched} requirements | {alone} faults that one vector alone exposes |
|---|---|---|

**Faults by others.** A second set of faulty merchants was made from the published protocol alone, before anybody had read
a check. What the kit missed was mended, with its kind.

| 49 merchants with a fault | 22 found for the right reason at first | 49 found today |
|---|---|---|

**Mutants.** `make mutants` changes the protocol's code line by line; [each that lives has its reason](mutants.md).

| {changes} changes | {killed} killed | {lived} without effect that a test could notice |
|---|---|---|
"""
ATTACKS: Final = re.compile(
    r"verify\.reject\.|notify\.(reject|validate|once|status|trade|amount|boundary|hostile|post-only"
    r"|verify-query\.strict)|response\.(unproved|two-levels|unknown|gateway-error|belongs|other-service|no-dtd"
    r"|hostile|in-time|transport|redirect|retry-flag)|request\.https"
)
"""The requirements that somebody without a key tries to break."""


def attacked() -> list[str]:
    """Return the ids of the requirements that are attacks and tested."""
    return [each.id for each in register().values() if ATTACKS.match(each.id) and each.excluded is None]


def fallen() -> Counter[str]:
    """Return how many faulty merchants break each requirement."""
    merchants = module_of_tests("faulty.run").merchants().values()
    return Counter(name for kind in merchants for name in kind.breaks)


def text() -> str:
    """Return the whole page."""
    merchants = module_of_tests("faulty.run").merchants().values()
    falls, attacks = fallen(), attacked()
    content = json.loads(KILLS.read_text("utf-8"))
    vectors = [vector for name in names() for vector in load(name)]
    killed = Counter(name for found in content["exposes"].values() for name in found)
    told = re.search(r"^\| (\d+) changes \| (\d+) killed \|", MUTANTS.read_text("utf-8"), re.MULTILINE)
    if told is None:
        raise ValueError("docs/mutants.md has no figures")
    return TEXT.format(
        merchants=sum(bool(kind.breaks) for kind in merchants),
        answerers=len(content["who"]) - sum(kind.name in content["who"] for kind in merchants),
        rules=len(falls),
        attacked=len(attacks),
        fall=sum(bool({*kind.breaks} & {*attacks}) for kind in merchants),
        least=min(falls[name] for name in attacks),
        vectors=len(vectors),
        touched=len({flag for vector in vectors for flag in vector.flags}),
        alone=sum(count == 1 for count in killed.values()),
        changes=told[1],
        killed=told[2],
        lived=int(told[1]) - int(told[2]),
    )
