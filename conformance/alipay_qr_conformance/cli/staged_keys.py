"""The hook of pre-commit: no file that is about to be committed holds a private key, live or published.

``python -m alipay_qr_conformance.cli.staged_keys FILES...`` ends with 1 where one does, and names file and
line; of the key nothing is shown. Public keys may stand anywhere.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

_MOST: Final = 5_000_000
"""Bytes of a file that is looked at: no configuration is longer."""


def main(argv: Sequence[str] | None = None) -> int:
    """Look at the files that are named, and return the exit code."""
    from alipay_qr_conformance.cli.options import language
    from alipay_qr_conformance.model.texts import say

    lang, code = language(), 0
    for name in sys.argv[1:] if argv is None else argv:
        path = Path(name)
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST:
            continue
        for line, kind in secrets(path.read_bytes()):
            sys.stdout.write(f"{name}:{line}: {say(f'staged.{kind}', lang)}\n")
            code = 1
    return code


def secrets(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield the line and the kind, ``live`` or ``published``, of each secret key in a file."""
    from alipay_qr.account import TEST_MD5_KEY
    from alipay_qr_conformance.doctor.key.check import examine_key
    from alipay_qr_conformance.reading.keys import keys

    seen = set()
    for at in _places(data, TEST_MD5_KEY.encode()):
        seen.add(at)
        yield _line(data, at), "published"
    for key in keys(data):
        if not key.text or key.start in seen:
            continue
        report = examine_key(key.text)
        if report.private:
            published = any(defect.code == "published" for defect in report.defects)
            yield _line(data, key.start), "published" if published else "live"
        elif report.kind == "md5-key" or (not report.usable and _is_md5(key.text)):
            yield _line(data, key.start), "live"


def _is_md5(text: bytes) -> bool:
    return len(text.strip()) == 32 and text.strip().isalnum()  # noqa: PLR2004 (characters of an MD5 key)


def _places(data: bytes, wanted: bytes) -> Iterator[int]:
    at = data.find(wanted)
    while at >= 0:
        yield at
        at = data.find(wanted, at + 1)


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


if __name__ == "__main__":
    sys.exit(main())
