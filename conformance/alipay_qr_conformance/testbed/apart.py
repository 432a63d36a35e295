"""Hypothesis apart from the user: no caches in the user's folder, none of the user's code in what is drawn.

Hypothesis mixes in the constants of every local module that is loaded. The same seed would then draw other
messages in another process, and a text of the user's source could end up in a report. No option turns that
off. So, while a property runs and no longer, two names of its internals hold nothing. They are known for the
releases that ``pyproject.toml`` allows; where a release has others, its properties are not judged.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from alipay_qr_conformance.model.outcomes import Unsupported
from alipay_qr_conformance.model.texts import message

FIRST_WITH_CONSTANTS: Final = (6, 131)
"""Releases before know no constants of local modules."""

_NAMES: Final = ("_get_local_constants", "CONSTANTS_CACHE")


@contextmanager
def apart_from_the_user() -> Iterator[None]:
    """Let properties run that draw from the seed alone, and leave nothing behind.

    Raises:
        Unsupported: it is not known how this release of Hypothesis draws.
    """
    from hypothesis import configuration

    internals, nothing = _drawn_from()
    kept = {name: internals[name] for name in nothing}
    before = getattr(configuration, "__hypothesis_home_directory", None)
    configuration.set_hypothesis_home_dir(_home(os.getpid()).name)
    internals.update(nothing)
    try:
        yield
    finally:
        internals.update(kept)
        configuration.set_hypothesis_home_dir(before)


def _drawn_from() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the names of the module that draws, and those values that let it draw no foreign constants."""
    import hypothesis

    if hypothesis.__version_info__ < FIRST_WITH_CONSTANTS:
        return {}, {}
    try:
        from hypothesis.internal.conjecture import providers

        internals = vars(providers)
        cache = type(internals["CONSTANTS_CACHE"])(1024)
        none = internals["Constants"]()
        internals["_get_local_constants"].__call__  # noqa: B018 (a function, as it was known)
    except (ImportError, KeyError, TypeError, AttributeError):
        raise Unsupported(
            message("hypothesis.unknown", version=hypothesis.__version__), optional=True
        ) from None
    return internals, dict(zip(_NAMES, (lambda: none, cache), strict=True))


def leave() -> None:
    """Remove what this process has left behind: one that was forked ends without doing so."""
    _home(os.getpid()).cleanup()


@cache
def _home(_process: int) -> "tempfile.TemporaryDirectory[str]":
    """Return a folder of this process alone: nobody else knows its name, and it goes with the process."""
    return tempfile.TemporaryDirectory(prefix="alipay-qr-hypothesis-")
