"""Write ``vectors/`` anew; or, with --check, say whether it is what the builders write; or --lint it."""

import argparse
import sys
from pathlib import Path
from typing import Final

from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.vectors.form import canonical_text
from alipay_qr_conformance.vectors.lint import lint
from tools.vectors import kinds, ledger, sets

FOLDER: Final = Path(__file__).resolve().parents[2] / "vectors"


def built() -> dict[str, str]:
    """Return every file that the builders write: path below ``vectors/`` -> text."""
    files = {f"schema/{kind}.schema.json": kinds.schema(kind) for kind in kinds.KINDS}
    vectors = {f"{name}.json": sets.content(name) for name in sets.SETS}
    ids = ledger.updated(FOLDER / "ids.json", vectors)
    return {name: canonical_text(content) for name, content in {**files, **vectors, "ids.json": ids}.items()}


def main() -> int:
    """Do what the command line says; 0 is good, 1 says that the files are not as they should be."""
    parser = argparse.ArgumentParser(prog="python -m tools.vectors", description=__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    choice.add_argument("--lint", action="store_true", help="build nothing; judge the files as they are")
    options = parser.parse_args()
    if options.lint:
        complaints = lint(FOLDER, requirements=register().keys())
        print("\n".join(map(str, complaints)) or "vectors: nothing to complain about")
        return 1 if complaints else 0
    files = built()
    changed = [name for name, text in files.items() if _text(FOLDER / name) != text]
    stray = sorted(_stray(files))
    for name in changed:
        print(f"{'would write' if options.check else 'wrote'} vectors/{name}")
        if not options.check:
            (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
            (FOLDER / name).write_text(files[name], "utf-8", newline="\n")
    for name in stray:
        print(f"vectors/{name} is nothing that a builder writes")
    return 1 if stray or (options.check and changed) else 0


def _stray(files: dict[str, str]) -> set[str]:
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.json")}
    return there - files.keys() - {"kills.json", "package.json", "composer.json"}


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
