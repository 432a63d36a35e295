"""``alipay-qr check --report statement=FILE --sign-with KEY``: what a subject says about itself, signed."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance import cli
from alipay_qr_conformance.model.files import read_file, write_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

    from alipay_qr_conformance.report.run import Run

KIND: Final = "statement="
_MOST_DAYS: Final = 3650


@dataclass(frozen=True)
class WantedStatement:
    """A statement that was asked for; everything it needs but the run was read before the run."""

    path: Path
    key: "PrivateKeyTypes"
    day: date | None
    tree: str
    expires: date

    def write(self, run: "Run") -> None:
        """Write the statement about a run.

        Raises:
            OSError: the file cannot be written.
        """
        from alipay_qr_conformance.model.requirement_sets import requirement_set
        from alipay_qr_conformance.report.statement import sealed, statement

        whole = replace(run, results=(*run.results, *run.later), later=())
        data = sealed(statement(whole, requirement_set(self.day), self.tree, self.expires), self.key)
        if str(self.path) == "-":
            cli.write(data.decode("ascii"))
        else:
            write_file(self.path, data)


def wanted_statement(args: argparse.Namespace, reports: Sequence[str]) -> WantedStatement | None:
    """Return the statement that the arguments ask for.

    Args:
        args: those of ``check``.
        reports: what was given to ``--report``.

    Raises:
        UsageError: no key, no folder, a part of a run, or a time that cannot be meant.
    """
    from alipay_qr_conformance.engine.setup import UsageError
    from alipay_qr_conformance.report.digests import TreeError, tree_digest
    from alipay_qr_conformance.report.statement import KeyFileError, private_key, sealed

    names = [each.removeprefix(KIND) for each in reports if each.startswith(KIND)]
    if not names:
        if args.sign_with is not None:
            raise UsageError("--sign-with signs a statement: name it with --report statement=FILE")
        return None
    if len(names) > 1 or not names[0]:
        raise UsageError("one statement is written: --report statement=FILE")
    if args.sign_with is None:
        raise UsageError("a statement is signed: name a private key with --sign-with FILE")
    if args.expression is not None or args.only is not None or args.gateway is not None:
        raise UsageError("a statement is about a whole run of a merchant: without -k, --only and --gateway")
    if not 1 <= args.valid_days <= _MOST_DAYS:
        raise UsageError(f"--valid-days is a number from 1 to {_MOST_DAYS}")
    try:
        key = private_key(read_file(args.sign_with))
        sealed({}, key)  # a key that cannot sign is told before the run
        tree = tree_digest(args.source or Path(), [Path(names[0])])
    except OSError as error:
        raise UsageError(f"--sign-with {args.sign_with}: {error.strerror}") from None
    except KeyFileError as error:
        raise UsageError(f"--sign-with {args.sign_with}: {error}") from None
    except TreeError as error:
        raise UsageError(f"--source {error}") from None
    day = date.fromisoformat(args.requirement_set) if args.requirement_set else None
    expires = datetime.now(UTC).date() + timedelta(days=args.valid_days)
    return WantedStatement(Path(names[0]), key, day, tree, expires)
