from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from percenty_batch.accounts import AccountInputs
from percenty_batch.errors import CannotRunError
from percenty_batch.events import JobFinished, Subscriber
from percenty_batch.ledger import RunRecord, batch_result
from percenty_batch.models import BatchResult
from percenty_batch.reports import ReportFiles
from percenty_batch.settings import Settings
from tests.unit.cli.ledgers import (
    ACCOUNTS,
    JOB_ID,
    RUN_ID,
    SITE,
    begin,
    finish_all,
    finish_one,
    plan_batch,
    write,
)

Command = Callable[..., Any]

ACCEPT = "--accept-changes"
LOGS = Path("logs")


class FakeManager:
    """Stands for BatchManager: tells the run as the ledger has it."""

    made: ClassVar[list["FakeManager"]] = []
    notice_problems: ClassVar[tuple[str, ...]] = ()
    problem: ClassVar[CannotRunError | None] = None

    def __init__(
        self,
        *,
        settings: Settings,
        accounts: Sequence[Any],
        inputs: Mapping[str, AccountInputs],
        resumes: RunRecord,
        on_event: Subscriber,
        mirror: object,
        secrets: Iterable[str],
    ) -> None:
        assert mirror is None
        assert [*inputs] == [account.id for account in accounts]
        self.on_event = on_event
        self.settings = settings
        self.accounts = [account.id for account in accounts]
        self.resumes = resumes
        self.secrets = set(secrets)
        self.calls: list[bool] = []
        self.made.append(self)

    report_files: tuple[ReportFiles, ...] = (
        ReportFiles(markdown=Path("r.md"), json=Path("r.json")),
    )

    def resume(self, *, only_failed: bool, retry_refused: bool) -> tuple[BatchResult, ...]:
        assert not retry_refused
        if self.problem is not None:
            raise self.problem
        self.calls.append(only_failed)
        results = tuple(batch_result(self.resumes.plan, batch) for batch in self.resumes.batches)
        self.on_event(JobFinished(job_id=JOB_ID, result=results[0].jobs[1]))
        return results

    def generate_summary_report(self) -> Path:
        return Path("summary.md")


@pytest.fixture
def managers(monkeypatch: pytest.MonkeyPatch) -> list[FakeManager]:
    monkeypatch.setattr(FakeManager, "made", [])
    monkeypatch.setattr("percenty_batch.cli.work.BatchManager", FakeManager)
    monkeypatch.setattr("percenty_batch.cli.resume.version", lambda _name: "0.0.1")
    return FakeManager.made


@pytest.fixture
def accounts(command: Command) -> str:
    lines = "".join(f"{account},x\n" for account in ACCOUNTS)
    Path("accounts.csv").write_text(f"id,password\n{lines}", encoding="utf-8")
    return "--accounts=accounts.csv"


def test_without_a_ledger_there_is_nothing_to_resume_and_none_is_made(
    command: Command, managers: list[FakeManager], accounts: str
) -> None:
    ran = command("resume", accounts)

    assert (ran.code, managers) == (2, [])
    assert ran.err == "오류: --logs-dir logs: 원장(ledger.sqlite3)이 없습니다\n"
    assert not LOGS.exists()


def test_an_empty_ledger_and_an_unknown_run_are_refused(
    command: Command, managers: list[FakeManager], accounts: str
) -> None:
    write(LOGS)
    assert command("resume", accounts).err == "오류: 원장에 실행이 없습니다\n"
    write(LOGS, begin, plan_batch)
    ran = command("resume", "20240101_000000", accounts)
    assert (ran.code, managers) == (2, [])
    assert ran.err == "오류: 20240101_000000: 원장에 없는 실행입니다\n"


def test_a_run_that_died_before_it_had_planned_anything_is_to_be_started_anew(
    command: Command, managers: list[FakeManager], accounts: str
) -> None:
    write(LOGS, begin)

    ran = command("resume", accounts)

    assert (ran.code, managers) == (2, [])
    assert ran.err.startswith(f"오류: 실행 {RUN_ID}: 아무것도 시작하기 전에 끝났습니다")


@pytest.mark.parametrize("run", [(), (RUN_ID,)], ids=["the latest", "by its number"])
def test_the_rest_of_the_run_is_worked_with_the_settings_of_now(
    command: Command, managers: list[FakeManager], accounts: str, run: tuple[str, ...]
) -> None:
    write(LOGS, begin, plan_batch, finish_one)

    ran = command(
        *("resume", *run, accounts, "--concurrency", "3", "--halt", "fail=1"),
        *("--deadline", "06:00"),
    )

    (manager,) = managers
    assert manager.calls == [False]
    assert manager.accounts == list(ACCOUNTS)
    assert manager.resumes.batches[0].plan.job_id == JOB_ID
    assert manager.settings.jobs.concurrency == 3
    assert (manager.settings.jobs.halt, manager.settings.jobs.deadline) == ("fail=1", "06:00")
    assert ran.code == 1
    assert ran.err.startswith("[1/1] ❌ b@example.com")
    assert ran.out.startswith("⚠️ 부분 성공: 계정 2개 중 1개 성공, 처리 1개")
    assert ran.out.endswith("보고서: r.md\n종합 보고서: summary.md\n")


def test_only_those_that_failed_are_worked_on_request(
    command: Command, managers: list[FakeManager], accounts: str
) -> None:
    write(LOGS, begin, plan_batch, finish_one)

    command("resume", accounts, "--only-failed")

    assert managers[0].calls == [True]


CHANGES = [
    (["--base-url", "http://127.0.0.1:1"], f"사이트: {SITE} → http://127.0.0.1:1/"),
    (["--quantity", "7"], "수량: 1 → 7 (계획한 수량으로 이어서 합니다)"),
    (["--accounts", "others.csv"], "계정 파일에 없는 계정 (건너뜁니다): b@example.com"),
]


@pytest.mark.parametrize(("args", "told"), CHANGES)
def test_what_differs_from_the_plan_is_told_and_nothing_starts_before_it_is_accepted(
    command: Command, managers: list[FakeManager], accounts: str, args: list[str], told: str
) -> None:
    Path("others.csv").write_text("id,password\na@example.com,x\n", encoding="utf-8")
    write(LOGS, begin, plan_batch, finish_one)

    ran = command("resume", accounts, *args)
    assert (ran.code, managers) == (2, [])
    assert ran.out == f"처음 계획과 다름 - {told}\n"
    assert ran.err == (
        "오류: 처음 계획과 다릅니다: 그래도 이어서 하려면 --accept-changes를 주세요\n"
    )

    ran = command("resume", accounts, *args, ACCEPT)
    assert (ran.code, len(managers)) == (1, 1)
    assert ran.out.startswith(f"처음 계획과 다름 - {told}\n")


@pytest.mark.parametrize(("now", "code"), [("0.0.2", 1), ("0.1.0", 2)])
def test_only_another_series_of_versions_has_to_be_accepted(
    command: Command,
    managers: list[FakeManager],
    accounts: str,
    monkeypatch: pytest.MonkeyPatch,
    now: str,
    code: int,
) -> None:
    monkeypatch.setattr("percenty_batch.cli.resume.version", lambda _name: now)
    write(LOGS, begin, plan_batch, finish_one)

    ran = command("resume", accounts)

    assert (ran.code, bool(managers)) == (code, code == 1)
    assert ran.out.startswith(f"처음 계획과 다름 - 버전: 0.0.1 → {now}\n")


def test_a_run_in_which_nothing_is_left_says_so(
    command: Command, managers: list[FakeManager], accounts: str
) -> None:
    write(LOGS, begin, plan_batch, finish_one, finish_all)

    ran = command("resume", accounts)

    assert (ran.code, managers) == (0, [])
    assert ran.out == f"실행 {RUN_ID}: 이어서 할 계정이 없습니다\n"


def test_a_run_that_is_held_by_somebody_is_exit_code_3(
    command: Command,
    managers: list[FakeManager],
    accounts: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = CannotRunError("다른 실행이 사용 중입니다: h (pid 1, 실행 x)")
    monkeypatch.setattr(FakeManager, "problem", problem)
    write(LOGS, begin, plan_batch)

    ran = command("resume", accounts)

    assert (ran.code, ran.err) == (3, f"오류: {problem}\n")
