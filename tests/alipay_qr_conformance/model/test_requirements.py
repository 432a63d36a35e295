import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

import alipay_qr_conformance
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.model.policy import CHOICES, Policy
from alipay_qr_conformance.model.requirements import FILES, LEVELS, Source, register
from alipay_qr_conformance.model.texts import catalogue

PLANS = {
    "default": plan(RunOptions()),
    "hk": plan(RunOptions(profile="hk")),
    "deep": plan(RunOptions(depth="deep")),
    "quick-seed-7": plan(RunOptions(depth="quick", seed=7)),
    "left-to-the-gateway": replace(plan(RunOptions()), policy=Policy("gateway", "gateway")),
}
PACKAGE = Path(alipay_qr_conformance.__file__).parent
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(params=PLANS)
def some_plan(request):
    return PLANS[request.param]


def test_every_requirement_is_tested_or_says_why_not(some_plan):
    tested = {case.requirement for case in all_cases(some_plan)}
    rows = register()
    # only the one check that makes a correct subject wait is left to the other depths
    waits = {"response.in-time"} if some_plan.depth == "quick" else set()
    assert rows["response.in-time"].keyword == "SHOULD"
    # what a policy file declares is asked where it declares something
    undeclared = {each for each in rows if each.startswith("policy.")}
    owed = {row.id for row in rows.values() if row.excluded is None and row.role == "merchant"}
    assert tested == owed - waits - undeclared


def test_every_key_of_the_policy_has_a_requirement_and_a_case_where_it_is_declared():
    values = {"currencies": ("USD",), "min_partial_refund": "1.00", "largest_refund": "1.00"}
    words = {key: next(iter(choice.ways), values.get(key, 30)) for key, choice in CHOICES.items()}
    asked = {each.requirement for each in all_cases(replace(plan(RunOptions()), policy=Policy(**words)))}
    rows = {each for each in register() if each.startswith("policy.")}
    assert rows == {each for each in asked if each.startswith("policy.")}
    assert len(rows) == len(CHOICES) - 2  # two keys say who keeps a rule, and are judged with it


def test_case_ids_are_unique_and_speak_for_themselves(some_plan):
    ids = [case.id for case in all_cases(some_plan)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[\w.-]+\[[^\[\]\s]+\]", each) for each in ids)


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_holds_the_cases_of_its_requirements(level):
    rows = register()
    whole = all_cases(plan(RunOptions()))
    found = {case.id for case in all_cases(plan(RunOptions(level=level)))}
    assert found == {case.id for case in whole if rows[case.requirement].level <= level}


def test_cases_are_the_same_in_every_process():
    script = "from alipay_qr_conformance.cli import main; main(['rules', '--cases'])"
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    roles = [PLANS["default"], replace(PLANS["default"], role="gateway")]
    assert found.pop().decode().splitlines() == [case.id for role in roles for case in all_cases(role)]


def test_rows_have_all_texts_in_both_languages():
    for row in register().values():
        for text in (row.title, row.why, row.mend, row.excluded):
            if text is not None:
                assert text.en.strip(), row.id
                assert CHINESE.search(text.zh), row.id
                assert not CHINESE.search(text.en), row.id
        assert row.clause.strip(), row.id
        assert row.keyword in {"MUST", "SHOULD", "MAY"}
        assert row.level in LEVELS
        assert re.fullmatch(r"[a-z0-9_]+([.-][a-z0-9_]+)*", row.id), row.id


def test_there_is_no_must_on_silence():
    for row in register().values():
        assert row.source in get_args(Source), row.id
        if row.keyword == "MUST" and row.excluded is None:
            assert row.source not in {"inference", "public code"}, row.id
            assert "(inferred" not in row.clause or row.source in {"security", "policy"}, row.id
        assert (row.source == "policy") == row.id.startswith("policy."), row.id
        assert (row.was is None) == (row.because is None), row.id
        assert row.was != row.keyword, row.id


def test_a_must_of_security_names_who_attacks_or_the_money_that_is_lost():
    rows = [row for row in register().values() if row.source == "security"]
    assert rows
    for row in rows:
        assert row.keyword == "MUST", row.id
        assert re.search(r"[Ww]hoever|replayed|moves other money", row.why.en), row.id


def test_the_first_segment_of_an_id_is_the_file_of_its_text():
    folder = files("alipay_qr_conformance") / "texts" / "requirements"
    rows = {
        path.name: tomllib.loads(path.read_text("utf-8"))["requirement"]
        for path in folder.iterdir()
        if path.name.endswith(".toml")
    }
    assert {f"{name}.toml" for name in FILES} == rows.keys()
    assert [
        row["id"] for name, each in rows.items() for row in each if f"{row['id'].split('.')[0]}.toml" != name
    ] == []


def test_the_register_is_in_the_order_of_the_levels():
    levels = [(row.role == "gateway", row.level) for row in register().values()]
    assert levels == sorted(levels)


def test_nothing_that_is_tested_may_be_broken_at_will():
    assert not [row.id for row in register().values() if row.keyword == "MAY" and row.excluded is None]


@pytest.mark.parametrize(
    "name",
    [
        "sign.exclude",
        "sign.empty",
        "sign.order",
        "sign.charset",
        "sign.rsa2.digest",
        "verify.reject.other-type",
        "request.charset.in-query",
        "request.create.notify_url",
        "request.create.biz_data.store_id",
        "request.cancel.timestamp",
        "request.refund.partner_refund_id",
        "notify.once.fulfilled",
        "response.two-levels",
        "money.refund.sum",
        "money.cancel.window",
    ],
)
def test_the_rules_of_the_seed_and_the_interface_pages_are_tested(name):
    assert register()[name].excluded is None


def test_every_parameter_of_the_three_services_has_a_row():
    from alipay_qr.catalogue import SERVICES

    for service in SERVICES.values():
        if service.alias in {"CREATE", "CANCEL", "REFUND"}:
            head = f"request.{service.alias.lower()}"
            for each in service.request:
                own = {"service", "partner", "sign_type"} & {each.name}
                if each.required != "undocumented" and each.name not in {"sign", "_input_charset", *own}:
                    assert f"{head}.{each.name}" in register()
            for each in service.biz_data:
                assert (f"{head}.biz_data.{each.name}" in register()) is (each.required != "undocumented")


# --- messages -----------------------------------------------------------------------------------------


def test_messages_have_both_languages_and_the_same_details():
    for key, text in catalogue().items():
        assert CHINESE.search(text.zh), key
        assert not CHINESE.search(text.en), key
        assert set(re.findall(r"{\w+}", text.en)) == set(re.findall(r"{\w+}", text.zh)), key


def test_every_key_in_the_code_is_in_the_catalogue_and_the_other_way_round():
    families = {key.partition(".")[0] for key in catalogue()}
    listed = "|".join(sorted(families))
    pattern = re.compile(rf'f?"((?:{listed})\.[a-z-]+)"')
    text = "\n".join(
        path.read_text("utf-8")
        for path in PACKAGE.rglob("*.py")
        if "doctor" not in path.relative_to(PACKAGE).parts
    )
    called = re.compile(r'(?:message|Failed|Blocked|Gap)\(\s*"([\w.-]+)"')
    breaches = re.compile(r'Breach\(\s*"[\w.-]+",\s*"([\w.-]+)"')
    used = set(called.findall(text)) | set(breaches.findall(text))
    used |= {key for key in pattern.findall(text) if key in catalogue()}
    put_together = (
        "parameter.",
        "altered.",
        "slip.",
    )  # parameter.{problem.kind}, what rules.altered and slips say
    used |= {key for key in catalogue() if key.startswith(put_together)}
    assert used == set(catalogue())


def test_every_kind_of_parameter_problem_has_a_sentence():
    from typing import get_args, get_type_hints

    from alipay_qr.catalogue import Problem

    kinds = set(get_args(get_type_hints(Problem)["kind"])) - {"undocumented"}  # a rule of its own
    assert {f"parameter.{kind}" for kind in kinds} <= set(catalogue())
