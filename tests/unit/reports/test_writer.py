import errno
import json
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    StopReason,
)
from percenty_batch.reports import LogPaths, ReportFiles, write_batch_report, write_summary_report
from percenty_batch.reports.files import write_atomically

AT = datetime(2024, 12, 1, 5, 30, 52, tzinfo=UTC)
STAMP = "20241201_143052"
LOGS = LogPaths(
    accounts="a/",
    errors="e/",
    reports="r/",
    log_of=lambda account: f"a/{account}.log",
    error_log_of=lambda account: f"e/{account}_errors.log",
)


def batch(job_id: str = f"single_step_1_{STAMP}", message: str = "서버 오류") -> BatchResult:
    job = JobResult(
        account="user1@example.com",
        step="1",
        requested=1,
        items=(ItemResult(key="650a", outcome=ItemOutcome.FAILED, reason=message),),
        stop_reason=StopReason.ERROR,
        failure=Failure(kind=FailureKind.SITE_ERROR, message=message),
        attempts=1,
        started_at=AT,
        finished_at=AT,
        duration_s=1.0,
    )
    return BatchResult(
        job_id=job_id,
        step="1",
        stamp=STAMP,
        jobs=(job,),
        started_at=AT,
        finished_at=AT,
        duration_s=1.0,
    )


def write(
    folder: Path, result: BatchResult | None = None, *, should_replace: bool = False
) -> ReportFiles:
    return write_batch_report(
        result or batch(), folder=folder, log_paths=LOGS, should_replace=should_replace
    )


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def summarise(folder: Path, *results: BatchResult) -> ReportFiles:
    return write_summary_report(results, stamp=STAMP, folder=folder, log_paths=LOGS)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_batch_report_and_its_twin_are_all_that_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "logs" / "reports"
    written = write(folder)

    assert names(folder) == [
        f"batch_report_single_step_1_{STAMP}.json",
        f"batch_report_single_step_1_{STAMP}.md",
    ]
    assert written.markdown == folder / names(folder)[1]
    assert written.json == folder / names(folder)[0]
    assert written.problems == ()


def test_the_summary_and_its_twin_have_the_runs_stamp(tmp_path: Path) -> None:
    summarise(tmp_path, batch())

    assert names(tmp_path) == [
        f"summary_report_{STAMP}.html",
        f"summary_report_{STAMP}.json",
        f"summary_report_{STAMP}.md",
    ]


def test_other_formats_are_written_when_they_are_asked_for(tmp_path: Path) -> None:
    written = write_summary_report(
        [batch()],
        stamp=STAMP,
        folder=tmp_path,
        log_paths=LOGS,
        formats=("handover", "csv", "junit"),
    )

    assert written.problems == ()
    assert [path.name for path in written.others] == [
        f"summary_report_{STAMP}.junit.xml",
        f"summary_report_{STAMP}.csv",
        f"handover_{STAMP}.csv",
    ]
    assert all(path.is_file() for path in written.others)


def test_a_page_that_cannot_be_made_costs_no_other_report(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "report.css").write_text("{{ nothing }}", encoding="utf-8")
    written = write_summary_report(
        [batch()],
        stamp=STAMP,
        folder=tmp_path / "reports",
        log_paths=LOGS,
        templates_dir=tmp_path / "templates",
        formats=("csv",),
    )

    assert written.html is None
    assert len(written.problems) == 1
    assert (written.markdown, written.json, len(written.others)) != (None, None, 0)
    assert names(tmp_path / "reports") == [
        f"summary_report_{STAMP}.csv",
        f"summary_report_{STAMP}.json",
        f"summary_report_{STAMP}.md",
    ]


def test_a_batch_report_is_never_overwritten(tmp_path: Path) -> None:
    first = write(tmp_path)
    again = write(tmp_path, batch(message="다른 결과"))

    assert (again.markdown, again.json, len(again.problems)) == (None, None, 2)
    assert first.json is not None
    assert "다른 결과" not in first.json.read_text("utf-8")


def test_a_resumed_runs_report_replaces_the_one_before(tmp_path: Path) -> None:
    write(tmp_path)
    again = write(tmp_path, batch(message="다른 결과"), should_replace=True)

    assert again.problems == ()
    assert len(names(tmp_path)) == 2
    for path in (again.markdown, again.json):
        assert path is not None
        assert "다른 결과" in path.read_text("utf-8")
        assert "서버 오류" not in path.read_text("utf-8")


@pytest.mark.parametrize("size", [0, 100])
def test_a_report_for_which_there_is_no_room_leaves_the_earlier_one_and_no_draft(
    tmp_path: Path, size: int
) -> None:
    first = write(tmp_path)
    with room_for(size):
        again = write(tmp_path, batch(message="다른 결과"), should_replace=True)
        fresh = write(tmp_path, batch("single_step_2"))

    assert (again.markdown, again.json, len(again.problems)) == (None, None, 2)
    assert (fresh.markdown, fresh.json, len(fresh.problems)) == (None, None, 2)
    assert len(names(tmp_path)) == 2
    assert first.json is not None
    assert (
        json.loads(first.json.read_text("utf-8"))["accounts"][0]["failure_message"] == "서버 오류"
    )


def test_a_folder_that_cannot_be_synced_keeps_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def only_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    written = write(tmp_path)

    assert written.problems == ()
    assert [path.name for path in (written.json, written.markdown) if path] == names(tmp_path)


def test_a_second_batch_stands_beside_the_first(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, batch(f"single_step_1_{STAMP}_2"))

    assert len(names(tmp_path)) == 4


def test_a_later_summary_replaces_the_earlier_one(tmp_path: Path) -> None:
    summarise(tmp_path, batch())
    later = summarise(tmp_path, batch(), batch(f"single_step_1_{STAMP}_2"))

    assert later.json is not None
    assert json.loads(later.json.read_text("utf-8"))["totals"]["batches"] == 2


def test_the_summary_names_the_reports_that_are_in_the_folder(tmp_path: Path) -> None:
    write(tmp_path)
    summary = summarise(tmp_path, batch(), batch(f"single_step_1_{STAMP}_2"))

    assert summary.json is not None
    entries = json.loads(summary.json.read_text("utf-8"))["batches"]
    assert [entry["report"] for entry in entries] == [
        f"batch_report_single_step_1_{STAMP}.md",
        None,
    ]


def test_markdown_that_cannot_be_rendered_does_not_prevent_the_twin(tmp_path: Path) -> None:
    (tmp_path / "batch_report.md.j2").write_text("{{ batch.nothing }}")
    written = write_batch_report(
        batch(), folder=tmp_path / "out", log_paths=LOGS, templates_dir=tmp_path
    )

    assert written.markdown is None
    assert written.json is not None
    assert len(written.problems) == 1
    assert written.problems[0].startswith("보고서를 쓰지 못했습니다: ")


def test_a_folder_that_cannot_be_made_is_a_problem_and_no_exception(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    written = write(tmp_path / "file" / "reports")

    assert (written.markdown, written.json, len(written.problems)) == (None, None, 2)


def test_secrets_are_masked_in_both_files_even_where_markdown_would_escape_them(
    tmp_path: Path,
) -> None:
    secret = 'p*ss_"word"'
    written = write_batch_report(
        batch(message=f"입력값 {secret}"),
        folder=tmp_path,
        log_paths=LOGS,
        mask=lambda text: text.replace(secret, "[가림]"),
    )

    for path in (written.markdown, written.json):
        assert path is not None
        text = path.read_text("utf-8")
        assert text.count("입력값") == text.count("가림") == 2
        assert "word" not in text


def test_a_short_secret_does_not_break_the_twin(tmp_path: Path) -> None:
    written = write_batch_report(
        batch(), folder=tmp_path, log_paths=LOGS, mask=lambda text: text.replace("failed", "***")
    )

    assert written.json is not None
    assert json.loads(written.json.read_text("utf-8"))["verdict"] == "failed"


@pytest.mark.parametrize("job_id", ["../x", "a/b", "a\\b", "a\nb", ""])
def test_a_job_id_that_does_not_fit_a_file_name_is_refused(tmp_path: Path, job_id: str) -> None:
    with pytest.raises(ValueError, match="not fit for a file name"):
        write(tmp_path, batch(job_id))


def test_a_failed_write_leaves_the_earlier_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.md"
    path.write_text("앞의 보고서", "utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, "새 보고서", should_replace=True)

    assert names(tmp_path) == ["report.md"]
    assert path.read_text("utf-8") == "앞의 보고서"


def test_line_ends_are_the_same_on_every_system(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    write_atomically(path, "가\n나\n", should_replace=False)

    assert path.read_bytes() == "가\n나\n".encode()
