"""What holds for every result: sums add up, and all four reports tell the same numbers."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    JobStatus,
    LogGap,
    Missing,
    StopReason,
)
from percenty_batch.reports.documents import (
    batch_document,
    batch_json,
    summary_document,
    to_json,
)
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.render import render_batch, render_summary
from percenty_batch.reports.summary import summary_view
from percenty_batch.reports.views import batch_view

LOGS = LogPaths(
    accounts="logs/accounts/s/",
    errors="logs/errors/s/",
    reports="logs/reports/s/",
    log_of=lambda account: f"logs/accounts/s/{account}.log",
    error_log_of=lambda account: f"logs/errors/s/{account}_errors.log",
)
TEXTS = st.text(st.characters() | st.sampled_from("*_`<>#[]()-\n"), max_size=12)
AFTER = datetime(2101, 1, 1, tzinfo=UTC)
AT = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
EVIDENCE = st.lists(TEXTS.map("evidence/s/{}.png".format), max_size=2).map(tuple)
ITEMS = st.builds(
    ItemResult,
    key=TEXTS,
    outcome=st.sampled_from(ItemOutcome),
    reason=st.none() | TEXTS,
    kind=st.none() | st.sampled_from(FailureKind),
    moved_to=st.none() | TEXTS,
    duration_s=st.floats(0, 1e6),
    evidence=EVIDENCE,
)


@st.composite
def jobs(draw: st.DrawFn) -> JobResult:
    items = tuple(draw(st.lists(ITEMS, max_size=8)))
    return JobResult(
        account=draw(st.emails() | TEXTS.filter(str.strip)),
        step="1",
        requested=len(items) + draw(st.integers(0, 5)),
        items=items,
        stop_reason=draw(st.sampled_from(StopReason)),
        failure=draw(
            st.none() | st.builds(Failure, kind=st.sampled_from(FailureKind), message=TEXTS)
        ),
        attempts=draw(st.integers(0, 3)),
        started_at=draw(st.none() | AT),
        finished_at=draw(st.none() | AT),
        duration_s=draw(st.floats(0, 1e6)),
        source_before=draw(st.none() | st.integers(0, 100)),
        source_after=draw(st.none() | st.integers(0, 100)),
        evidence=draw(EVIDENCE),
    )


BATCHES = st.builds(
    BatchResult,
    job_id=st.sampled_from(["single_step_1_20241201_143052", "single_step_1_20241201_143052_2"]),
    step=st.just("1"),
    stamp=st.just("20241201_143052"),
    jobs=st.lists(jobs(), max_size=4).map(tuple),
    started_at=AT,
    finished_at=AT,
    duration_s=st.floats(0, 1e6),
    interrupted_by=st.none() | st.sampled_from([2, 15, 9999]),
    halted=st.none() | TEXTS,
    is_cut_off=st.booleans(),
    resumptions=st.integers(0, 3),
)
GAPS = st.lists(
    st.builds(
        LogGap,
        missing=st.sampled_from(Missing),
        cause=st.just("디스크 공간 부족"),
        since=AT,
        until=st.none() | AT,
        count=st.integers(0, 9),
    ),
    max_size=3,
)
patient = settings(  # nothing here is a claim about time
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow]
)
LABELS = {
    "done": "처리 완료",
    "failed": "처리 실패",
    "requested": "요청 수량",
    "skipped": "건너뜀",
    "unknown": "확인 불가",
    "not_attempted": "시도하지 않음",
}


def counts_of(job: JobResult) -> dict[str, int]:
    """Count anew from the items, without the code under test."""
    outcomes = Counter(item.outcome for item in job.items)
    return {
        "requested": job.requested,
        "done": outcomes[ItemOutcome.DONE],
        "failed": outcomes[ItemOutcome.FAILED],
        "skipped": outcomes[ItemOutcome.SKIPPED],
        "unknown": outcomes[ItemOutcome.UNKNOWN],
        "not_attempted": job.requested - len(job.items),
    }


def counts_of_all(results: list[BatchResult]) -> dict[str, int]:
    every = [counts_of(job) for result in results for job in result.jobs]
    return {name: sum(counts[name] for counts in every) for name in LABELS}


def counts_shown(section: str, prefix: str) -> dict[str, int]:
    found = dict(re.findall(rf"^- \*\*{prefix}(.+?):\*\* (\d+)개$", section, re.MULTILINE))
    return {name: int(found.get(label, 0)) for name, label in LABELS.items()}


def picked(document: dict[str, Any]) -> dict[str, int]:
    return {name: document[name] for name in LABELS}


def validator(name: str) -> Draft202012Validator:
    text = files("percenty_batch.reports").joinpath("schemas", name).read_text("utf-8")
    return Draft202012Validator(json.loads(text))


@patient
@given(BATCHES)
def test_markdown_tells_each_accounts_items_and_their_sums(result: BatchResult) -> None:
    text = render_batch(batch_view(result, LOGS), None)
    accounts, rest = text.split("## 계정별 실행 결과\n")[1].split("\n## 전체 요약\n")

    sections = re.split(r"^### ", accounts, flags=re.MULTILINE)[1:]
    assert [counts_shown(part, "") for part in sections] == list(map(counts_of, result.jobs))
    assert counts_shown(rest, "총 ") == counts_of_all([result])


@patient
@given(BATCHES)
def test_markdown_counts_of_accounts_add_up(result: BatchResult) -> None:
    text = render_batch(batch_view(result, LOGS), None)
    found = dict(re.findall(r"^- \*\*(.+?) ?계정(?: 수)?:\*\* (\d+)개$", text, re.MULTILINE))

    assert int(found.pop("총")) == len(result.jobs) == sum(map(int, found.values()))


@patient
@given(BATCHES)
def test_json_tells_each_accounts_items_and_their_sums(result: BatchResult) -> None:
    document = json.loads(to_json(batch_document(result, LOGS)))

    assert list(map(picked, document["accounts"])) == list(map(counts_of, result.jobs))
    assert picked(document["totals"]) == counts_of_all([result])
    assert [len(account["items"]) for account in document["accounts"]] == [
        len(job.items) for job in result.jobs
    ]


@patient
@given(BATCHES, GAPS)
def test_json_piece_by_piece_is_the_same_json(result: BatchResult, gaps: list[LogGap]) -> None:
    assert "".join(batch_json(result, LOGS, gaps)) == to_json(batch_document(result, LOGS, gaps))


@patient
@given(BATCHES)
def test_json_gives_every_text_back_unchanged(result: BatchResult) -> None:
    document = json.loads(to_json(batch_document(result, LOGS)))

    assert [account["account"] for account in document["accounts"]] == [
        job.account for job in result.jobs
    ]
    assert [item["reason"] for account in document["accounts"] for item in account["items"]] == [
        item.reason for job in result.jobs for item in job.items
    ]


@patient
@given(BATCHES, GAPS)
def test_both_reports_tell_each_gap_that_touches_the_batch(
    result: BatchResult, gaps: list[LogGap]
) -> None:
    text = render_batch(batch_view(result, LOGS, gaps), None)
    document = batch_document(result, LOGS, gaps)

    touching = [
        gap
        for gap in gaps
        if not (gap.since > result.finished_at or (gap.until or AFTER) < result.started_at)
    ]
    assert [gap["count"] for gap in document["gaps"]] == [gap.count for gap in touching]
    assert text.count("없습니다 (디스크 공간 부족") == len(touching)


@patient
@given(st.lists(BATCHES, max_size=3))
def test_summary_tells_the_sums_of_all_batches(results: list[BatchResult]) -> None:
    summary = summary_view(results, stamp="20241201_143052", logs=LOGS, written=())
    text = render_summary(summary, None).split("\n## 전체 통계\n")[1].split("\n## ")[0]
    document = summary_document(results, stamp="20241201_143052", logs=LOGS, written=())

    assert counts_shown(text, "총 ") == counts_of_all(results) == picked(document["totals"])


@patient
@given(st.lists(BATCHES, max_size=3))
def test_summary_lists_every_account_that_did_not_succeed(results: list[BatchResult]) -> None:
    document = summary_document(results, stamp="20241201_143052", logs=LOGS, written=())

    assert [(short["job_id"], short["account"]) for short in document["shortfalls"]] == [
        (result.job_id, job.account)
        for result in results
        for job in result.jobs
        if job.status is not JobStatus.SUCCEEDED
    ]


@patient
@given(BATCHES, GAPS)
def test_batch_json_keeps_its_schema(result: BatchResult, gaps: list[LogGap]) -> None:
    document = json.loads(to_json(batch_document(result, LOGS, gaps)))

    validator("batch_report.v4.schema.json").validate(document)


@patient
@given(st.lists(BATCHES, max_size=3), GAPS)
def test_summary_json_keeps_its_schema(results: list[BatchResult], gaps: list[LogGap]) -> None:
    document = summary_document(results, stamp="20241201_143052", logs=LOGS, written=(), gaps=gaps)

    validator("summary_report.v4.schema.json").validate(json.loads(to_json(document)))


@patient
@given(BATCHES)
def test_json_is_utf8_on_plain_lines(result: BatchResult) -> None:
    text = to_json(batch_document(result, LOGS))

    assert text.encode("utf-8").decode("utf-8") == text
    assert text.splitlines() == text.split("\n")[:-1]
