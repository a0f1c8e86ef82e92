"""What a report adds when a run was cut off, resumed or halted, or left evidence behind."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    LogGap,
    Missing,
    StopReason,
)
from percenty_batch.reports import LogPaths, write_batch_report, write_summary_report

STAMP = "20241201_143052"
AT = datetime(2024, 12, 1, 5, 30, 52, tzinfo=UTC)
LOGS = LogPaths(
    accounts="a/",
    errors="e/",
    reports="r/",
    log_of=lambda account: f"a/{account}.log",
    error_log_of=lambda account: f"e/{account}_errors.log",
)
JOB_SHOT = f"evidence/{STAMP}/a%2fb@example.com/계정 (1).png"
ITEM_SHOT = f"evidence/{STAMP}/a%2fb@example.com/[650a]_*.png"
CUT_OFF = "⚠️ 프로그램이 도중에 종료되어 원장으로 다시 만든 보고서입니다"

ORDINARY = BatchResult(
    job_id=f"single_step_1_{STAMP}",
    step="1",
    stamp=STAMP,
    jobs=(
        JobResult(
            account="a/b@example.com",
            step="1",
            requested=1,
            items=(ItemResult(key="650a", outcome=ItemOutcome.FAILED, reason="이유"),),
            stop_reason=StopReason.ERROR,
            failure=Failure(kind=FailureKind.SITE_ERROR, message="서버 오류"),
            attempts=1,
            started_at=AT,
            finished_at=AT,
            duration_s=1.0,
        ),
    ),
    started_at=AT,
    finished_at=AT,
    duration_s=1.0,
)
GAP = LogGap(missing=Missing.INFO, cause="디스크 공간 부족", since=AT, until=None, count=3)


def with_evidence(result: BatchResult) -> BatchResult:
    (job,) = result.jobs
    (item,) = job.items
    item = replace(item, evidence=(ITEM_SHOT,))
    return replace(result, jobs=(replace(job, items=(item,), evidence=(JOB_SHOT,)),))


def reports(root: Path, result: BatchResult, *gaps: LogGap) -> tuple[Path, Path]:
    folder = root / "reports" / STAMP
    batch = write_batch_report(
        result,
        folder=folder,
        log_paths=LOGS,
        gaps=gaps,
        mask=lambda text: text.replace("s3cret", "***"),
    )
    summary = write_summary_report([result], stamp=STAMP, folder=folder, log_paths=LOGS, gaps=gaps)
    assert batch.markdown
    assert summary.markdown
    return batch.markdown, summary.markdown


def texts(root: Path, result: BatchResult, *gaps: LogGap) -> tuple[str, str]:
    batch, summary = reports(root, result, *gaps)
    return batch.read_text("utf-8"), summary.read_text("utf-8")


def added(root: Path, result: BatchResult, *gaps: LogGap) -> list[list[str]]:
    """Give the lines that each report of this result has beyond an ordinary one's."""
    before = texts(root / "ordinary", ORDINARY)
    now = texts(root / "unusual", result, *gaps)
    return [
        [line for line in after.splitlines() if line not in ordinary.splitlines()]
        for ordinary, after in zip(before, now, strict=True)
    ]


@pytest.mark.parametrize(
    ("unusual", "line", "summary_line"),
    [
        (replace(ORDINARY, is_cut_off=True), CUT_OFF, f"- {CUT_OFF}"),
        (replace(ORDINARY, resumptions=2), "**이어서 실행:** 2회", "- **이어서 실행:** 2회"),
        (
            replace(ORDINARY, halted="실패 20%"),
            "**중단 사유:** 실패 20%",
            "- **중단 사유:** 실패 20%",
        ),
    ],
)
def test_an_unusual_end_is_one_line_more_in_both_reports(
    tmp_path: Path, unusual: BatchResult, line: str, summary_line: str
) -> None:
    assert added(tmp_path, unusual) == [[line], [summary_line]]


def test_missing_lines_are_told_where_the_logs_are(tmp_path: Path) -> None:
    since = f"{AT.astimezone():%H:%M:%S}"
    lines = ["- **빠진 기록:**", f"  - {since}부터 정보 로그가 없습니다 (디스크 공간 부족, 3줄)"]

    assert added(tmp_path, ORDINARY, GAP) == [lines, lines]
    for text in texts(tmp_path / "again", ORDINARY, GAP):
        assert text.splitlines()[-2:] == lines


def test_a_secret_in_the_reason_of_a_halt_is_masked(tmp_path: Path) -> None:
    text, _ = texts(tmp_path, replace(ORDINARY, halted="응답: s3cret"))

    assert "s3cret" not in text


def test_every_link_to_evidence_leads_to_its_file_from_either_report(tmp_path: Path) -> None:
    kept = [tmp_path / path for path in (JOB_SHOT, ITEM_SHOT)]
    for path in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    for report in reports(tmp_path, with_evidence(ORDINARY)):
        links = [link for link in links_of(report.read_text("utf-8")) if link.startswith("..")]
        assert [(report.parent / unquote(link)).resolve() for link in links] == kept


def links_of(markdown: str) -> list[str]:
    return [
        str(child.attrs["href"])
        for token in MarkdownIt().parse(markdown)
        for child in token.children or []
        if child.type == "link_open"
    ]


def test_evidence_is_listed_once_per_failure(tmp_path: Path) -> None:
    head, job, item = added(tmp_path, with_evidence(ORDINARY))[0]

    assert head == "- **증거:**"
    assert job.startswith("  - [계정 (1).png](../../evidence/")
    assert item.startswith(r"  - 650a: [\[650a\]\_\*.png](../../evidence/")
