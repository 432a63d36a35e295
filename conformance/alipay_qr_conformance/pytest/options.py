"""The options of the pytest plugin, and what they ask for; no import beyond pytest before that is known."""

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from alipay_qr_conformance.engine.setup import RunOptions

_OPTIONS = (
    ("adapter", "COMMAND", "run the conformance cases against the adapter that this command starts"),
    ("python", "MODULE:ATTRIBUTE", "run them against a Python object or factory"),
    ("url", "URL", "run them against an adapter that listens for HTTP POST"),
    ("level", "N", "run levels 1 to N (default 4)"),
    ("profile", "NAME", "edition of the interface pages: global (default) or hk"),
    ("policy", "FILE", "the choices of this merchant (TOML)"),
    ("account", "FILE", "partner and key files of a test account (TOML)"),
    ("seed", "N", "the same seed gives the same run (default 0)"),
    ("depth", "NAME", "quick, default or deep"),
    ("fail-on", "KEYWORD", "must (default) or should: which findings fail a test"),
    ("require-level", "N", "fail unless this level is reached"),
    ("lang", "LANG", "en (default) or zh: language of the findings"),
    ("known-failures", "FILE", "findings that are expected (TOML), strict both ways"),
)


_CASE: Final = re.compile(r"(?:\.\./)*alipay-qr::(.+)", re.DOTALL)
"""The id of a case, or of a requirement, as pytest prints it: from a folder below, the way up comes first."""


_NOBODY: Final = (
    "the conformance cases are asked for, and nobody is named to run them against: "
    "set alipay_adapter, alipay_python or alipay_url"
)


def complaint(config: pytest.Config, text: str) -> pytest.UsageError:
    """Return an error about the options, in the language that is asked for."""
    from alipay_qr_conformance.model.complaints import in_both

    return pytest.UsageError(in_both(text).in_language(_text(config, "lang") or "en"))


def add_options(parser: pytest.Parser) -> None:
    """Add the options and their ini settings."""
    group = parser.getgroup("alipay-qr", "Alipay Merchant QR conformance")
    for name, metavar, text in _OPTIONS:
        group.addoption(f"--alipay-{name}", metavar=metavar, default=None, help=text)
        _add_ini(parser, f"alipay_{name.replace('-', '_')}", text, number=metavar == "N")
    text = "run the conformance cases of the subject that the ini file names"
    group.addoption("--alipay", action="store_true", default=None, help=text)
    parser.addini("alipay", text, type="bool", default=False)
    text = "move the clock of the adapter's process with libfaketime, where it says clock: false"
    group.addoption("--alipay-faketime", action="store_true", default=None, help=text)
    parser.addini("alipay_faketime", text, type="bool", default=False)
    text = "write a report, as alipay-qr check does: json, ndjson, junit, sarif, markdown, html; repeatable"
    group.addoption("--alipay-report", metavar="KIND=FILE", action="append", default=[], help=text)
    parser.addini("alipay_report", text, type="linelist", default=[])


def _add_ini(parser: pytest.Parser, name: str, text: str, *, number: bool) -> None:
    """Add a setting; native TOML writes numbers as numbers, which pytest 8.4 and newer can be told of."""
    if number and pytest.version_tuple >= (8, 4):
        kind: Any = "int"
        parser.addini(name, text, type=kind, default=None)
    else:
        parser.addini(name, text, default="")


def option(config: pytest.Config, name: str) -> str | None:
    """Return an option of the command line, else the ini setting of the same name, else None."""
    try:
        return _text(config, name)
    except (ValueError, TypeError, pytest.UsageError):  # pytest 8.4 and newer know the type of a setting
        raise complaint(config, f"alipay_{name.replace('-', '_')} is a number") from None


def _text(config: pytest.Config, name: str) -> str | None:
    given: str | None = config.getoption(f"--alipay-{name}", None)
    if given is not None:
        return given
    value = config.getini(f"alipay_{name.replace('-', '_')}")
    return None if value is None else str(value) or None


def wish(config: pytest.Config) -> "RunOptions | None":
    """Return what the user asked for, None where no subject is named."""
    adapter, python, url = (option(config, name) for name in ("adapter", "python", "url"))
    for name, given in (("adapter", adapter), ("python", python), ("url", url)):
        if given is not None and not given.strip():  # an empty variable must not leave everything out
            raise complaint(config, f"--alipay-{name} is empty: it names the implementation under test")
    if not _asked(config):
        return None
    if not (adapter or python or url):
        raise complaint(config, _NOBODY)
    from alipay_qr_conformance.engine.setup import RunOptions

    level, seed = _number(config, "level", 4), _number(config, "seed", 0)
    choices = {
        "depth": ("default", "quick", "deep"),
        "profile": ("global", "hk"),
        "fail-on": ("must", "should"),
        "lang": ("en", "zh"),
    }
    for name, allowed in choices.items():
        if (option(config, name) or allowed[0]) not in allowed:
            raise complaint(config, f"--alipay-{name} is one of {', '.join(allowed)}")
    if not 1 <= level <= 4:  # noqa: PLR2004 (the four levels)
        raise complaint(config, "--alipay-level is 1, 2, 3 or 4")
    policy, account = option(config, "policy"), option(config, "account")
    depth: Any = option(config, "depth") or "default"
    return RunOptions(
        command=_words(config, adapter) if adapter else None,
        python=python,
        url=url,
        level=level,
        profile=option(config, "profile") or "global",
        policy=config.rootpath / policy if policy else None,
        account=config.rootpath / account if account else None,
        seed=seed,
        depth=depth,
        faketime=bool(config.getoption("--alipay-faketime") or config.getini("alipay_faketime")),
        folder=_folder(config),
    )


def required_level(config: pytest.Config) -> int:
    """Return the level that must be reached; 0 where none must."""
    return _number(config, "require-level", 0)


def named_cases(config: pytest.Config) -> list[str]:
    """Return the ids of cases and requirements that the command line names as pytest prints them."""
    return [found[1] for each in config.invocation_params.args if (found := _CASE.fullmatch(str(each)))]


def take_named_cases(config: pytest.Config) -> None:
    """Take the ids of cases out of what pytest looks for among the files."""
    config.args[:] = [each for each in config.args if not _CASE.fullmatch(str(each))]


def _asked(config: pytest.Config) -> bool:
    """Say whether the kit's cases are wanted in this run, and not only set up in the ini file.

    A subject on the command line is asking, and so is the id of a case; an ini file asks by
    ``alipay = true``, unless the command line names a file or a test.
    """
    if any(config.getoption(f"--alipay-{name}") is not None for name in ("adapter", "python", "url")):
        return True
    if config.getoption("--alipay") or named_cases(config):
        return True
    named = [each for each in config.args if "::" in each or each.endswith(".py")]
    return bool(config.getini("alipay")) and not named


def _folder(config: pytest.Config) -> Path:
    """Return where a command means what it says: a conftest.py may go elsewhere before it is started."""
    given = config.getoption("--alipay-adapter", None) is not None
    return config.invocation_params.dir if given else config.rootpath


def _words(config: pytest.Config, command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise complaint(config, f"--alipay-adapter {command!r}: {error}") from None


def _number(config: pytest.Config, name: str, default: int) -> int:
    text = option(config, name)
    try:
        return int(text) if text else default
    except ValueError:
        raise complaint(config, f"--alipay-{name} is a number, not {text!r}") from None
