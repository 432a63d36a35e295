"""Options that several subcommands share."""

import argparse
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alipay_qr_conformance.engine.setup import RunOptions


def language() -> str:
    """Return the language of the environment: ``zh`` or ``en``."""
    found = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if found.lower().startswith("zh") else "en"


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add ``--lang``; the default follows the environment."""
    parser.add_argument("--lang", choices=("en", "zh"), default=language())


def add_subject(parser: argparse.ArgumentParser) -> None:
    """Add the ways to name a subject."""
    group = parser.add_argument_group("subject")
    group.add_argument("--python", metavar="MODULE:ATTRIBUTE")
    group.add_argument("--url")


def add_faketime(parser: argparse.ArgumentParser) -> None:
    """Add ``--faketime``."""
    parser.add_argument(
        "--faketime",
        action="store_true",
    )


def wish(args: argparse.Namespace) -> "RunOptions":
    """Return what the arguments ask for."""
    from alipay_qr_conformance.engine.setup import RunOptions

    return RunOptions(
        command=None if args.subject is None else tuple(args.subject),
        python=args.python,
        url=args.url,
        faketime=getattr(args, "faketime", False),
        account=getattr(args, "account", None),
        level=getattr(args, "level", 4),
        profile=getattr(args, "profile", "global"),
        policy=getattr(args, "policy", None),
        seed=getattr(args, "seed", 0),
        depth=getattr(args, "depth", "default"),
        jobs=getattr(args, "jobs", None) or 1,
    )
