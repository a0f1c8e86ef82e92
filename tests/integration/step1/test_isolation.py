"""Three accounts at once, each trying to harm the others' logs: what each file holds."""

import asyncio
import json
import re
from typing import NoReturn

import pytest

from percenty_batch import Account, BatchManager, JobStatus
from percenty_batch.browser import Session
from percenty_batch.jobs import attempt
from percenty_batch.percenty import Fence, PercentySite
from percenty_batch.sandbox import SandboxAccount, SandboxSite, Shape
from percenty_batch.settings import SiteSettings
from tests.integration.step1.running import LINE, Run, logins, run_with, settings_for

RAISER, FORGER, LEAKER = (
    SandboxAccount(
        id=f"{name}@example.com",
        password=f"Canary-{name}-7",
        shapes=(Shape(),),
        grouped=2,
        popups=0,
    )
    for name in ("raiser", "forger", "leaker")
)
ACCOUNTS = (RAISER, FORGER, LEAKER)
FORGED = f"2024-12-01 14:30:52,123 - INFO - [{RAISER.id}] === 1단계 실행 완료 ==="
FORGING = f"정상\n{FORGED}\r\n{FORGED}\u2028{FORGED}\u0085\u202e\x1b[31m"


class RaisingWatcher:
    """A handler that raises, whatever it hears."""

    def started(self, *_heard: object, **_more: object) -> NoReturn:
        raise RuntimeError("started")

    def answered(self, *_heard: object, **_more: object) -> NoReturn:
        raise RuntimeError("answered")

    def ended(self, *_heard: object, **_more: object) -> NoReturn:
        raise RuntimeError("ended")

    def lost(self, *_heard: object, **_more: object) -> NoReturn:
        raise RuntimeError("lost")


class HarmfulSite(PercentySite):
    """Once signed in, the account's session or its page does its harm, when all three are in."""

    met: asyncio.Barrier

    def __init__(self, session: Session, settings: SiteSettings, *, fence: Fence) -> None:
        super().__init__(session, settings, fence=fence)
        self._page = session.page
        self._watch = session.watch_calls

    async def sign_in(self, account: Account) -> bool:
        was_needed = await super().sign_in(account)
        await self.met.wait()
        if account.id == RAISER.id:
            self._watch(RaisingWatcher())
        elif account.id == FORGER.id:
            await self._page.evaluate(
                "text => { console.error(text); setTimeout(() => { throw new Error(text); }); }",
                FORGING,
            )
        else:
            await self._page.evaluate(
                "text => { console.error(text); setTimeout(() => alert(text)); }",
                f"비밀번호: {account.password}",
            )
        return was_needed


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("isolation")

    async def step_1(manager: BatchManager) -> None:
        HarmfulSite.met = asyncio.Barrier(len(ACCOUNTS))
        await manager.run_step(step=1, quantity=5)

    with SandboxSite(accounts=ACCOUNTS) as site, pytest.MonkeyPatch.context() as patch:
        patch.setattr(attempt, "PercentySite", HarmfulSite)
        settings = settings_for(site.url, folder)
        return run_with(
            site,
            ACCOUNTS,
            settings,
            folder,
            lambda manager: asyncio.run(step_1(manager)),
            logins(ACCOUNTS),
        )


def holding(lines: list[str], text: str) -> list[str]:
    return [line for line in lines if text in line]


def test_none_of_them_keeps_any_of_them_from_working(run: Run) -> None:
    for account in ACCOUNTS:
        job = run.job(account.id)
        assert (job.status, job.totals.done, job.attempts) == (JobStatus.SUCCEEDED, 1, 1)
        assert len(run.changes(account.id, "group")) == 1


def test_a_raising_handler_is_told_in_its_own_accounts_files_alone(run: Run) -> None:
    text = "브라우저 처리기에서 예외 발생"

    assert holding(run.error_lines(RAISER.id), text) == holding(run.lines(RAISER.id), text) != []
    for other in (FORGER, LEAKER):
        assert holding(run.lines(other.id), text) == []


def test_a_traceback_stands_on_the_line_of_its_error(run: Run) -> None:
    line = holding(run.error_lines(RAISER.id), "started")[0]

    assert "오류 상세: Traceback (most recent call last):\\n" in line


def test_forged_lines_stay_inside_the_line_that_tells_of_them(run: Run) -> None:
    told = holding(run.lines(FORGER.id), "14:30:52,123")

    assert len(told) == 2  # the console's error and the script's
    for line in told:
        assert re.match(rf"\d{{4}}-.* - (DEBUG|WARNING) - \[{re.escape(FORGER.id)}\] 페이지", line)
        assert line.count(FORGED) == 3
        for escaped in ("\\n", "\\r", "\\u2028", "\\x85", "\\u202e", "\\x1b"):
            assert escaped in line


def test_no_line_anywhere_starts_with_what_a_page_said(run: Run) -> None:
    for account in ACCOUNTS:
        for line in (*run.lines(account.id), *run.error_lines(account.id)):
            assert LINE.fullmatch(line)
            assert not line.startswith("2024")
            assert f" - [{account.id}] " in line[:80]
    assert not [line for line in run.batch_lines() if not LINE.fullmatch(line)]
    assert holding(run.lines(RAISER.id), "2024-12-01") == []


def test_a_password_that_a_page_prints_is_told_masked(run: Run) -> None:
    told = holding(run.lines(LEAKER.id), "비밀번호: ")

    assert [line.rpartition("비밀번호: ")[2] for line in told] == ["***", "***"]


def test_no_password_stands_in_any_file_and_no_separator_in_any_log(run: Run) -> None:
    for path in (each for each in run.folder.rglob("*.*") if each.is_file()):
        assert b"Canary" not in path.read_bytes()
        if path.suffix == ".log":
            assert not re.search("[\r\x1b\x85\u2028\u202e]", path.read_text(encoding="utf-8"))


def test_files_of_errors_are_empty_where_nothing_failed(run: Run) -> None:
    assert run.error_lines(FORGER.id) == run.error_lines(LEAKER.id) == []


def test_each_report_entry_is_the_accounts_own(run: Run) -> None:
    for entry in run.report()["accounts"]:
        changes = run.changes(entry["account"], "group")
        assert [item["key"] for item in entry["items"]] == [change.product for change in changes]
    assert FORGED not in json.dumps(run.report(), ensure_ascii=False)
