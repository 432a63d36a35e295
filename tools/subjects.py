"""Published packages through the kit: install, check, compare with what was found by hand, print a table.

    python -m tools.subjects              all of them
    python -m tools.subjects pypi-alipay  one of them
    python -m tools.subjects --write      and write docs/ecosystem.md and subjects/signs.json

Needs the registries. A finding that `subject.toml` does not explain, an explanation without a finding, or a
wrong sign that the doctor explains otherwise than `subject.toml` does, ends with status 1. Installers and
packages see an environment of our making: no variable of the caller's but where registries are and how they
are trusted, and a HOME of their own.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from alipay_qr_conformance.model.requirements import register
from tools import subject_signs

ROOT: Final = Path(__file__).resolve().parents[1]
SUBJECTS: Final = ROOT / "subjects"
PAGE: Final = ROOT / "docs" / "ecosystem.md"
ABANDONED: Final = 5 * 365
"""Days without a release after which SECURITY.md calls a package abandoned."""
_REGISTRY_SETTINGS: Final = (
    "PIP_",
    "NPM_CONFIG_",
    "SSL_CERT_",
    "NODE_EXTRA_CA_CERTS",
    "HTTPS_PROXY",
    "NO_PROXY",
)


@dataclass(frozen=True)
class Explanation:
    """What in a package's source makes a finding, and whether it concerns security."""

    text: str
    source: str
    security: bool = False
    public: str = ""
    """Where a security fault was published by others."""


@dataclass(frozen=True)
class Subject:
    """One package, as its ``subject.toml`` describes it."""

    folder: Path
    package: str
    registry: str
    version: str
    released: date
    homepage: str
    covers: str
    findings: dict[str, Explanation]
    doctor: dict[str, list[str]]
    """What the doctor has to name: message of `subject_signs` to mistakes."""


@dataclass(frozen=True)
class Outcome:
    """What the kit says about a subject."""

    subject: Subject
    level: int
    judged: int
    broken: dict[str, str]
    """Requirement id to keyword (MUST, SHOULD), in the order of the report."""


def subjects() -> dict[str, Subject]:
    """Return all subjects by the name of their folder."""
    found = {}
    for path in sorted(SUBJECTS.glob("*/subject.toml")):
        fields = tomllib.loads(path.read_text("utf-8"))
        findings = {name: Explanation(**each) for name, each in fields.pop("findings", {}).items()}
        doctor = fields.pop("doctor", {})
        found[path.parent.name] = Subject(folder=path.parent, findings=findings, doctor=doctor, **fields)
    return found


def install(subject: Subject, folder: Path) -> list[str]:
    """Install the pinned package below ``folder`` and return the command of its adapter.

    Raises:
        subprocess.CalledProcessError: the registry does not have it, or has something else under its name.
    """
    home = folder / "home"
    home.mkdir(parents=True)
    env = _environment(home) | {
        name: value for name, value in os.environ.items() if name.upper().startswith(_REGISTRY_SETTINGS)
    }
    for path in (*subject.folder.iterdir(), SUBJECTS / "lib" / "lines.cjs"):
        shutil.copy(path, folder)
    if subject.registry == "npm":
        words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(words, cwd=folder, env=env, check=True)
        command = ["node", str(folder / "adapter.cjs")]
    else:
        venv.create(folder / "venv", with_pip=True)
        python = str(folder / "venv" / "bin" / "python")
        pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        if (folder / "requirements-build.txt").exists():  # a source distribution
            subprocess.run([*pip, "-r", "requirements-build.txt"], cwd=folder, env=env, check=True)
        words = ["--no-build-isolation", "-r", "requirements.txt"]
        subprocess.run([*pip, *words], cwd=folder, env=env, check=True)
        command = [python, str(folder / "adapter.py")]
    scrubbed = [f"{name}={value}" for name, value in _environment(home).items()]
    return ["env", "-i", *scrubbed, *command]


def _environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}


def check(subject: Subject, command: list[str], folder: Path) -> Outcome:
    """Run the kit against an installed subject.

    Raises:
        RuntimeError: the adapter or the kit failed.
    """
    report = folder / "report.json"
    linted = _kit(["check", "--adapter-only"], command)
    if linted.returncode:
        raise RuntimeError(f"{subject.folder.name}: {linted.stdout}{linted.stderr}")
    done = _kit(["check", "--lang", "en", "--json", str(report)], command)
    if done.returncode not in {0, 1} or not report.exists():
        raise RuntimeError(f"{subject.folder.name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(report.read_text("ascii"))
    judged = sum(n for verdict, n in found["summary"].items() if verdict not in {"unsupported", "blocked"})
    broken = {each["requirement"]: each["keyword"] for each in found["findings"]}
    return Outcome(subject, found["level"], judged, broken)


def _kit(words: list[str], command: list[str]) -> subprocess.CompletedProcess[str]:
    kit = [sys.executable, "-m", "alipay_qr_conformance.cli", *words, "--", *command]
    return subprocess.run(kit, capture_output=True, text=True, check=False)


def discrepancies(outcome: Outcome) -> list[str]:
    """Say which findings have no explanation, and which explanations no finding."""
    known, found = set(outcome.subject.findings), set(outcome.broken)
    return [
        *(f"{each}: found, and not explained in subject.toml" for each in sorted(found - known)),
        *(f"{each}: explained in subject.toml, and not found" for each in sorted(known - found)),
    ]


def table(outcomes: list[Outcome]) -> str:
    """Return the table that people read in the terminal."""
    lines = [f"{'package':<24} {'version':<8} {'released':<11} level  judged  MUST  SHOULD"]
    for each in outcomes:
        name = f"{each.subject.registry} {each.subject.package}"
        must, should = (sum(k == keyword for k in each.broken.values()) for keyword in ("MUST", "SHOULD"))
        lines.append(
            f"{name:<24} {each.subject.version:<8} {each.subject.released}  {each.level:>5}  {each.judged:>6}"
            f"  {must:>4}  {should:>6}"
        )
    return "\n".join(lines) + "\n"


def page(outcomes: list[Outcome], today: date) -> str:
    """Return docs/ecosystem.md. It holds no date of its own: the same results make the same page."""
    rows, sections = [], []
    for each in outcomes:
        subject = each.subject
        must, should = (sum(k == keyword for k in each.broken.values()) for keyword in ("MUST", "SHOULD"))
        rows.append(
            f"| {subject.registry} [{subject.package}]({subject.homepage}) | {subject.version} "
            f"| {subject.released} | {subject.covers} | {each.level} | {must} | {should} |"
        )
        sections.append(_section(each, today))
    head = (SUBJECTS / "ecosystem-head.md").read_text("utf-8")
    return head + "\n".join(rows) + "\n" + "".join(sections)


def _section(outcome: Outcome, today: date) -> str:
    subject, texts, withheld = outcome.subject, [], 0
    abandoned = (today - subject.released).days > ABANDONED
    for requirement, keyword in outcome.broken.items():
        explanation = subject.findings[requirement]
        if explanation.security and not (explanation.public or abandoned):
            withheld += 1
            continue
        title = register()[requirement].title.in_language("en")
        texts.append(
            f"- **{title}** (`{requirement}`, {keyword}). {explanation.text} Source: {explanation.source}."
        )
    if withheld:
        texts.append(f"- {withheld} more, not described here: see the policy in SECURITY.md.")
    heading = f"\n## {subject.registry} {subject.package} {subject.version}\n\n"
    return heading + "\n".join(texts or ["No finding in what it covers."]) + "\n"


def main(argv: list[str] | None = None) -> int:
    """Run: 0, or 1 where findings and explanations part."""
    every = subjects()
    parser = argparse.ArgumentParser(prog="python -m tools.subjects", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(every)}")
    parser.add_argument(
        "--write", action="store_true", help="write docs/ecosystem.md and subjects/signs.json"
    )
    args = parser.parse_args(argv)
    if unknown := [name for name in args.names if name not in every]:
        parser.error(f"unknown: {', '.join(unknown)}")
    if args.write and args.names:
        parser.error("the page is written from all subjects or not at all")
    outcomes, complaints, wrong = [], [], []
    with tempfile.TemporaryDirectory(prefix="alipay-qr-subjects-") as base:
        for name, subject in every.items():
            if args.names and name not in args.names:
                continue
            folder = Path(base) / name
            command = install(subject, folder)
            outcome = check(subject, command, folder)
            outcomes.append(outcome)
            complaints += [f"{name}: {each}" for each in discrepancies(outcome)]
            signs = subject_signs.recorded(name, command)
            wrong += signs
            complaints += subject_signs.discrepancies(name, signs, subject.doctor)
    sys.stdout.write(table(outcomes))
    if complaints:
        sys.stderr.write("\n".join(complaints) + "\n")
        return 1
    if args.write:
        subject_signs.SIGNS.write_text(subject_signs.written(wrong), "ascii")
        PAGE.write_text(page(outcomes, date.today()), "utf-8")  # noqa: DTZ011 (days since a release: any zone)
    return 0


if __name__ == "__main__":
    sys.exit(main())
