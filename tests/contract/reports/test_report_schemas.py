"""The published form of the JSON twins says what the models say."""

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from percenty_batch.errors import FailureKind
from percenty_batch.models import ItemOutcome, JobStatus, Missing, StopReason, Verdict

NAMES = ("batch_report.v4.schema.json", "summary_report.v4.schema.json")

PROMISED = {
    "": "schema_version job_id step stamp verdict started_at finished_at duration_s totals "
    "accounts interrupted_by halted is_cut_off resumptions gaps",
    "totals": "requested done failed skipped unknown not_attempted accounts",
    "account": "account status requested done failed skipped not_attempted unknown stop_reason "
    "failure_kind failure_message attempts started_at finished_at duration_s source_before "
    "source_after evidence items",
    "item": "key outcome reason kind moved_to duration_s evidence",
    "gap": "missing cause since until count",
}


def schema(name: str) -> dict[str, Any]:
    text = files("percenty_batch.reports").joinpath("schemas", name).read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_a_valid_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_names_every_value_of_the_models(name: str) -> None:
    defs = schema(name)["$defs"]

    assert defs["verdict"]["enum"] == list(Verdict)
    assert defs["stop_reason"]["enum"] == list(StopReason)
    assert defs["failure_kind"]["enum"] == [*FailureKind, None]
    assert defs["gap"]["properties"]["missing"]["enum"] == list(Missing)
    ended = [status for status in JobStatus if status not in ("pending", "running")]
    assert defs["status"]["enum"] == ended


def test_items_have_the_outcomes_of_the_models() -> None:
    item = schema("batch_report.v4.schema.json")["$defs"]["item"]

    assert item["properties"]["outcome"]["enum"] == list(ItemOutcome)


@pytest.mark.parametrize(("part", "fields"), PROMISED.items())
def test_the_promised_fields_are_required(part: str, fields: str) -> None:
    whole = schema("batch_report.v4.schema.json")
    described = whole["$defs"][part] if part else whole

    assert set(fields.split()) <= set(described["required"])
    assert described["additionalProperties"] is False


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_refuses_a_report_without_its_version(name: str) -> None:
    refused = [error.message for error in Draft202012Validator(schema(name)).iter_errors({})]

    assert "'schema_version' is a required property" in refused
