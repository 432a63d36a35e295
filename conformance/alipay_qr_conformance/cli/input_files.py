"""What a person names on the command line of the doctor: read, or an `InputError` that says why not."""

import sys
from pathlib import Path

from alipay_qr_conformance.doctor.input_error import InputError
from alipay_qr_conformance.model.files import read_bounded, read_file


def read_named(path: Path) -> bytes:
    """Return the bytes of a file; see `alipay_qr_conformance.model.files.read_file` for its bounds.

    Raises:
        InputError: it cannot be read within them.
    """
    if str(path) == "-":
        return read_stdin()
    try:
        return read_file(path)
    except OSError as error:
        raise InputError("unreadable", f"{path} ({error.strerror})") from None


def read_stdin() -> bytes:
    """Return what stands on standard input, within the same bounds.

    Raises:
        InputError: it cannot be read within them.
    """
    try:
        return read_bounded(sys.stdin.buffer, "-")
    except OSError as error:
        raise InputError("unreadable", f"- ({error.strerror})") from None
