"""SARIF: what the standard and code scanning ask for."""

import copy
import json
from pathlib import Path

import attr
import jsonschema
import pytest
import sarif_om

from alipay_qr_conformance.report.formats import render

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-part.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.fixture(scope="module")
def log(hostile_run):
    return json.loads(render("sarif", hostile_run))


def test_it_keeps_the_standard(log, clean_run):
    VALIDATOR.validate(log)
    VALIDATOR.validate(json.loads(render("sarif", clean_run, "zh")))


@pytest.fixture(scope="module")
def later_log(later_run):
    return json.loads(render("sarif", later_run))


YOUNGER = {"request.carried-out": "fail", "sign.md5.key-whitespace": "pass"}

PARTS = {
    "runs": "Run",
    "tool": "Tool",
    "driver": "ToolComponent",
    "rules": "ReportingDescriptor",
    "shortDescription": "MultiformatMessageString",
    "fullDescription": "MultiformatMessageString",
    "help": "MultiformatMessageString",
    "defaultConfiguration": "ReportingConfiguration",
    "invocations": "Invocation",
    "toolExecutionNotifications": "Notification",
    "associatedRule": "ReportingDescriptorReference",
    "message": "Message",
    "artifacts": "Artifact",
    "location": "ArtifactLocation",
    "artifactLocation": "ArtifactLocation",
    "results": "Result",
    "locations": "Location",
    "physicalLocation": "PhysicalLocation",
    "region": "Region",
    "logicalLocations": "LogicalLocation",
    "webRequest": "WebRequest",
    "body": "ArtifactContent",
    "suppressions": "Suppression",
}


def unknown(found, name, path="log"):
    """Yield what the object model that was made from the OASIS schema does not know, or misses."""
    fields = attr.fields(getattr(sarif_om, name))
    names = {field.metadata["schema_property_name"]: field for field in fields}
    yield from (f"{path}: {each} is unknown" for each in found if each not in names)
    needed = (each for each, field in names.items() if field.default is attr.NOTHING)
    yield from (f"{path}: {each} is missing" for each in needed if each not in found)
    for each, value in found.items():
        if each in {"properties", "partialFingerprints"} or not isinstance(value, (dict, list)):
            continue
        for number, part in enumerate(value if isinstance(value, list) else [value]):
            yield from unknown(part, PARTS[each], f"{path}.{each}[{number}]")


def test_the_object_model_of_the_standard_knows_every_part(log, later_log):
    assert list(unknown(log, "SarifLog")) == []
    assert list(unknown(later_log, "SarifLog")) == []


def test_a_younger_requirement_is_a_notification_about_its_rule_and_no_result(later_log, log):
    VALIDATOR.validate(later_log)
    (run,) = later_log["runs"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    told = {note["associatedRule"]["id"]: note for note in notes if "associatedRule" in note}
    assert {name: note["properties"]["verdict"] for name, note in told.items()} == YOUNGER
    assert {note["level"] for note in told.values()} == {"note"}
    rules = run["tool"]["driver"]["rules"]
    assert [rules[note["associatedRule"]["index"]]["id"] for note in told.values()] == list(told)
    assert "request.carried-out: broken" in told["request.carried-out"]["message"]["text"]
    assert not told.keys() & {result["ruleId"] for result in run["results"]}
    assert "request.carried-out" in {result["ruleId"] for result in log["runs"][0]["results"]}


def test_the_object_model_tells_a_broken_log(log):
    broken = copy.deepcopy(log)
    broken["runs"][0]["results"][0]["colour"] = "red"
    del broken["runs"][0]["tool"]["driver"]["name"]
    assert len(list(unknown(broken, "SarifLog"))) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda log: log.update(version="2.0.0"),
        lambda log: log["runs"][0]["results"][0].update(level="fatal"),
        lambda log: log["runs"][0]["results"][0].pop("message"),
        lambda log: log["runs"][0]["tool"]["driver"].pop("name"),
        lambda log: log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].update(
            startLine=0
        ),
    ],
    ids=["version", "level", "message", "name", "line"],
)
def test_the_schema_tells_a_broken_log(log, spoil):
    broken = copy.deepcopy(log)
    spoil(broken)
    assert not VALIDATOR.is_valid(broken)


def test_every_result_names_its_rule(log):
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert run["results"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["help"]["markdown"].count("**") >= 6 for rule in rules)


def test_fingerprints_tell_causes_apart(log):
    results = [each for each in log["runs"][0]["results"] if "suppressions" not in each]
    prints = [each["partialFingerprints"]["alipayQrCause/v1"] for each in results]
    assert len(set(prints)) == len(prints) > 1


def test_what_known_failures_excuse_is_suppressed_and_nothing_else(log):
    suppressed = [each for each in log["runs"][0]["results"] if "suppressions" in each]
    assert [list(each["properties"]["findings"]) for each in suppressed] == [["request.carried-out"]]
    others = [each for each in log["runs"][0]["results"] if "suppressions" not in each]
    assert not any("request.carried-out" in each["properties"]["findings"] for each in others)


def test_the_request_of_a_finding_is_there(log):
    requests = [each["webRequest"] for each in log["runs"][0]["results"] if "webRequest" in each]
    assert requests
    assert all(each["method"] in {"GET", "POST"} for each in requests)
    assert any("refund_amount=0.01" in each.get("body", {}).get("text", "") for each in requests)


def test_a_message_is_no_link(log):
    texts = [each["message"]["text"] for each in log["runs"][0]["results"]]
    assert all(text.startswith("\\[") for text in texts)
