from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from percenty_batch.accounts import AccountInputs
from percenty_batch.errors import CannotRunError, FailureKind
from percenty_batch.events import JobFinished, Subscriber
from percenty_batch.ledger import RunRecord
from percenty_batch.models import (
    Account,
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    StopReason,
)
from percenty_batch.reports import ReportFiles
from percenty_batch.settings import Settings

Command = Callable[..., Any]

NOON = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)
SECRET = "s3cret-canary"


class FakeManager:
    """Stands for BatchManager; every account fails whose id begins with `bad`."""

    made: ClassVar[list["FakeManager"]] = []
    notice_problems: ClassVar[tuple[str, ...]] = ()
    has_summary: ClassVar[bool] = True

    def __init__(
        self,
        *,
        settings: Settings,
        accounts: Sequence[Account],
        inputs: Mapping[str, AccountInputs],
        on_event: Subscriber,
        mirror: Callable[[str], None] | None,
        secrets: Iterable[str],
        resumes: RunRecord | None,
    ) -> None:
        assert resumes is None
        assert [*inputs] == [account.id for account in accounts]
        assert {account.password for account in accounts} <= set(secrets)
        self.settings = settings
        self.accounts = accounts
        self.on_event = on_event
        self.mirror = mirror
        self.calls: list[tuple[object, ...]] = []
        self.made.append(self)

    @property
    def report_files(self) -> tuple[ReportFiles, ...]:
        return (ReportFiles(markdown=Path("r.md"), json=Path("r.json")),)

    def run_steps(
        self, steps: Sequence[str], accounts: Sequence[str], quantity: int, concurrent: bool
    ) -> tuple[BatchResult, ...]:
        self.calls.append((steps, accounts, quantity, concurrent))
        return tuple(self._batch(step, accounts) for step in steps)

    def _batch(self, step: str, accounts: Sequence[str]) -> BatchResult:
        step = step.partition(":")[0]
        jobs = tuple(_job(account, step) for account in accounts)
        for job in jobs:
            self.on_event(JobFinished(job_id="j", result=job))
        return BatchResult(
            job_id="j",
            step=step,
            stamp="s",
            jobs=jobs,
            started_at=NOON,
            finished_at=NOON,
            duration_s=1.0,
        )

    def generate_summary_report(self) -> Path:
        if not self.has_summary:
            raise CannotRunError("쓸 수 없습니다")
        return Path("summary.md")


def _job(account: str, step: str) -> JobResult:
    is_bad = account.startswith("bad")
    message = f"로그인할 수 없습니다: {SECRET}"
    return JobResult(
        account=account,
        step=step,
        requested=1,
        items=() if is_bad else (ItemResult(key="k", outcome=ItemOutcome.DONE),),
        stop_reason=StopReason.ERROR if is_bad else StopReason.QUANTITY_REACHED,
        failure=Failure(kind=FailureKind.UNKNOWN, message=message) if is_bad else None,
        attempts=1,
        started_at=NOON,
        finished_at=NOON,
        duration_s=1.0,
    )


@pytest.fixture
def managers(monkeypatch: pytest.MonkeyPatch) -> list[FakeManager]:
    monkeypatch.setattr(FakeManager, "made", [])
    monkeypatch.setattr("percenty_batch.cli.work.BatchManager", FakeManager)
    return FakeManager.made


def accounts_file(*ids: str) -> str:
    lines = "".join(f"{account},{SECRET}\n" for account in ids)
    Path("accounts.csv").write_text(f"id,password\n{lines}", encoding="utf-8")
    return "accounts.csv"


def test_flags_and_selection_reach_the_manager(
    command: Command, managers: list[FakeManager]
) -> None:
    path = accounts_file("a@example.com", "b@example.com", "c@example.com")

    ran = command(
        *("run", "--step", "1단계", "--accounts", path, "--select", "1,c@example.com"),
        *("--quantity", "7", "--concurrency", "2", "--base-url", "http://127.0.0.1:1"),
        *("--logs-dir", "nightly", "--log-format", "json", "--start-interval", "1.5"),
        *("--deadline", "7h30m", "--halt", "fail=20%", "--headed", "--browser", "chromium"),
    )

    (manager,) = managers
    settings = manager.settings
    assert ran.code == 0
    assert manager.calls == [(("1단계",), ["a@example.com", "c@example.com"], 7, True)]
    assert [account.id for account in manager.accounts] == ["a@example.com", "c@example.com"]
    assert (settings.jobs.concurrency, settings.jobs.start_interval_s) == (2, 1.5)
    assert (settings.jobs.deadline, settings.jobs.halt) == ("7h30m", "fail=20%")
    assert (settings.logs.folder, settings.logs.format) == (Path("nightly"), "json")
    assert (settings.browser.is_headless, settings.browser.executable) == (False, Path("chromium"))
    assert str(settings.site.base_url) == "http://127.0.0.1:1/"


def test_the_outcome_and_the_reports_are_told_on_stdout(
    command: Command, managers: list[FakeManager]
) -> None:
    path = accounts_file("a@example.com", "bad@example.com")

    ran = command("run", "--step", "1", "--accounts", path)

    assert ran.code == 1
    assert ran.out.splitlines() == [
        "⚠️ 부분 성공: 계정 2개 중 1개 성공, 처리 1개, 실패 0개 (1.0초)",
        "❌ bad@example.com: 로그인할 수 없습니다: ***",
        "보고서: r.md",
        "종합 보고서: summary.md",
    ]
    assert ran.err.splitlines() == [
        "[1/2] ✅ a@example.com: 처리 1개, 실패 0개 (1.0초)",
        "[2/2] ❌ bad@example.com: 처리 0개, 실패 0개 (1.0초) - 로그인할 수 없습니다: ***",
    ]


def test_of_several_steps_every_line_names_its_own(
    command: Command, managers: list[FakeManager]
) -> None:
    path = accounts_file("a@example.com", "bad@example.com")

    ran = command("run", "--steps", "1, 1:stop", "--accounts", path)

    (manager,) = managers
    assert (ran.code, manager.calls[0][0]) == (1, ("1", "1:stop"))
    assert [line[:5] for line in ran.out.splitlines()] == ["[1] ⚠", "[1] ❌"] * 2 + [
        "보고서: ",
        "종합 보고",
    ]
    assert ran.err.splitlines()[-1].startswith("[4/4] [1] ❌ bad@example.com: ")


def test_a_summary_that_cannot_be_written_does_not_hide_the_outcome(
    command: Command, managers: list[FakeManager], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeManager, "has_summary", False)

    ran = command("run", "--step", "1", "--accounts", accounts_file("a@example.com"))

    assert ran.code == 7
    assert ran.out.startswith("✅ 성공")
    assert ran.err.endswith("오류: 쓸 수 없습니다\n")


@pytest.mark.parametrize("args", [["--select", "9"], ["--quantity", "0"], ["--base-url", "x"]])
def test_nothing_is_made_before_everything_is_checked(
    command: Command, managers: list[FakeManager], args: list[str]
) -> None:
    ran = command("run", "--step", "1", "--accounts", accounts_file("a@example.com"), *args)

    assert ran.code == 2
    assert managers == []
    assert not Path("logs").exists()


def test_too_little_room_on_the_disk_is_exit_code_6_and_nothing_is_begun(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERCENTY_LOGS__MIN_FREE_MB", str(10**12))

    ran = command("run", "--step", "1", "--accounts", accounts_file("a@example.com"))

    assert (ran.code, ran.out) == (6, "")
    assert ran.err.startswith("오류: 디스크 여유 공간이 부족합니다: logs")
    assert not Path("logs").exists()


@pytest.mark.parametrize(
    ("option", "value"), [("--halt", "20%"), ("--halt", "fail=0"), ("--deadline", "soon")]
)
def test_a_limit_that_means_nothing_is_refused_before_anything_is_made(
    command: Command, option: str, value: str
) -> None:
    path = accounts_file("a@example.com")

    ran = command("run", "--step", "1", "--accounts", path, option, value)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"오류: {option} '{value}': ")
    assert not Path("logs").exists()


def test_log_lines_are_shown_only_on_request(command: Command, managers: list[FakeManager]) -> None:
    path = accounts_file("a@example.com")

    command("run", "--step", "1", "--accounts", path)
    command("run", "--step", "1", "--accounts", path, "--verbose")

    assert [manager.mirror is not None for manager in managers] == [False, True]
