"""The installed `percenty-batch run` on the sandbox: what it says, what it leaves, how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from percenty_batch.sandbox import (
    Change,
    Faults,
    SandboxAccount,
    SandboxSite,
    Shape,
    write_accounts_csv,
)
from percenty_batch.sandbox.record import NOT_EDITS

COMMAND = Path(sys.executable).with_name("percenty-batch")
TIMEOUT_S = 120
SIGNALS = {"SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM}
STOPS = [("SIGINT", 1), ("SIGTERM", 2)]


def seller(name: str, products: int = 1, faults: Faults | None = None) -> SandboxAccount:
    return SandboxAccount(
        id=f"{name}@example.com",
        password=f"Canary-{name}-7",
        shapes=(Shape(),) * products,
        grouped=2,
        popups=0,
        faults=faults or Faults(),
    )


GOOD = seller("good")
LOCKED = seller("locked", faults=Faults(refusal="locked"))
NEEDY = seller("needy", faults=Faults(save_errors=(1,)))
STOPPED = {stop: seller(f"{stop[0].lower()}-{stop[1]}", 3) for stop in STOPS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One ended command. `folder` was its working directory."""

    code: int
    stdout: str
    stderr: str
    folder: Path

    @property
    def stamp(self) -> str:
        (log,) = (self.folder / "logs").glob("batch_processor_*.log")
        return log.stem.removeprefix("batch_processor_")

    def tree(self) -> set[str]:
        logs = self.folder / "logs"
        return {p.relative_to(logs).as_posix() for p in logs.rglob("*") if p.is_file()}

    def report(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.report_text("json"))
        return document

    def report_text(self, kind: str) -> str:
        name = f"batch_report_single_step_1_{self.stamp}.{kind}"
        return (self.folder / "logs/reports" / self.stamp / name).read_text(encoding="utf-8")

    def log(self, path: str) -> list[str]:
        return (self.folder / "logs" / path).read_text(encoding="utf-8").splitlines()


def started(
    folder: Path, url: str, accounts: Sequence[SandboxAccount], *options: str
) -> subprocess.Popen[str]:
    """Start `percenty-batch run` in a folder of its own."""
    write_accounts_csv(folder / "accounts.csv", accounts)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PERCENTY_")}
    return subprocess.Popen(
        [
            str(COMMAND),
            *("run", "--step", "1", "--accounts", "accounts.csv", "--quantity", "3"),
            *("--base-url", url, *options),
        ],
        cwd=folder,
        env={**kept, "PERCENTY_STATE__FOLDER": str(folder / "state")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def ended(process: subprocess.Popen[str], folder: Path) -> Ended:
    stdout, stderr = process.communicate(timeout=TIMEOUT_S)
    return Ended(code=process.returncode, stdout=stdout, stderr=stderr, folder=folder)


@pytest.fixture(scope="module")
def site() -> Iterator[SandboxSite]:
    with SandboxSite(accounts=[GOOD, LOCKED, NEEDY, *STOPPED.values()]) as serving:
        yield serving


@pytest.fixture(scope="module")
def good(site: SandboxSite, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = tmp_path_factory.mktemp("good")
    return ended(started(folder, site.url, [GOOD]), folder)


@pytest.fixture(scope="module")
def mixed(site: SandboxSite, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Two accounts that cannot do all, JSON lines, and a template of the user's own."""
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "mine").mkdir()
    (folder / "mine/batch_report.md.j2").write_text("내 보고서: {{ batch.job_id }}\n", "utf-8")
    (folder / "percenty_batch.toml").write_text('[reports]\ntemplates_dir = "mine"\n', "utf-8")
    return ended(started(folder, site.url, [LOCKED, NEEDY], "--log-format", "json"), folder)


def record_of(site: SandboxSite, account: SandboxAccount, what: str) -> list[Change]:
    return [c for c in site.record if (c.account, c.what) == (account.id, what)]


def test_a_run_in_which_all_succeed_ends_with_0(good: Ended) -> None:
    assert good.code == 0
    assert good.stdout.startswith("✅ 성공: 계정 1개 중 1개 성공, 처리 1개, 실패 0개")
    assert "Traceback" not in good.stderr


def test_the_tree_is_exactly_the_guides(good: Ended) -> None:
    stamp = good.stamp

    assert good.tree() == {
        "ledger.sqlite3",
        f"batch_processor_{stamp}.log",
        f"accounts/{stamp}/{GOOD.id}.log",
        f"errors/{stamp}/{GOOD.id}_errors.log",
        f"reports/{stamp}/batch_report_single_step_1_{stamp}.md",
        f"reports/{stamp}/batch_report_single_step_1_{stamp}.json",
        f"reports/{stamp}/summary_report_{stamp}.md",
        f"reports/{stamp}/summary_report_{stamp}.json",
        f"reports/{stamp}/summary_report_{stamp}.html",
    }
    assert good.log(f"errors/{stamp}/{GOOD.id}_errors.log") == []


def test_the_lines_are_the_guides(good: Ended) -> None:
    said = [
        re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - ", "", line)
        for line in good.log(f"accounts/{good.stamp}/{GOOD.id}.log")
    ]
    guide = [
        f"INFO - [{GOOD.id}] === 1단계 실행 시작: 수량=3 ===",
        f"INFO - [{GOOD.id}] 브라우저 생성 시작: {GOOD.id}_browser",
        f"INFO - [{GOOD.id}] 브라우저 생성 성공: {GOOD.id}_browser",
        f"INFO - [{GOOD.id}] 로그인 성공",
        f"INFO - [{GOOD.id}] 1단계 실행 완료 - 처리: 1, 실패: 0",
        f"INFO - [{GOOD.id}] === 1단계 실행 완료 ===",
    ]

    assert [line for line in said if line in guide] == guide
    assert said[0] == guide[0]
    assert said[-1] == guide[-1]


def test_the_report_tells_the_sites_record(site: SandboxSite, good: Ended) -> None:
    (entry,) = good.report()["accounts"]

    assert {item["key"]: item["moved_to"] for item in entry["items"]} == {
        change.product: change.after for change in record_of(site, GOOD, "group")
    }
    assert (entry["status"], entry["done"], entry["not_attempted"]) == ("succeeded", 1, 2)
    assert f"### ✅ {GOOD.id}" in good.report_text("md").replace("\\", "")


def test_no_password_is_written_or_printed(good: Ended, mixed: Ended) -> None:
    for run in (good, mixed):
        assert "Canary" not in run.stdout + run.stderr
        for path in run.folder.rglob("*"):
            if path.is_file() and path.name != "accounts.csv":
                assert b"Canary" not in path.read_bytes()


def test_a_run_in_which_an_account_fails_ends_with_1(mixed: Ended) -> None:
    statuses = {entry["account"]: entry["status"] for entry in mixed.report()["accounts"]}

    assert mixed.code == 1
    assert statuses == {LOCKED.id: "failed", NEEDY.id: "failed"}
    assert f"❌ {LOCKED.id}: 로그인 시도가 많아 계정이 잠겼습니다" in mixed.stdout


def test_a_users_own_template_comes_first(mixed: Ended) -> None:
    assert mixed.report_text("md") == f"내 보고서: single_step_1_{mixed.stamp}\n"
    assert (
        (mixed.folder / f"logs/reports/{mixed.stamp}/summary_report_{mixed.stamp}.md")
        .read_text(encoding="utf-8")
        .startswith("# 종합 실행 보고서")
    )


def test_json_lines_are_objects_with_their_account(mixed: Ended) -> None:
    stamp = mixed.stamp
    batch = [json.loads(line) for line in mixed.log(f"batch_processor_{stamp}.log")]

    for account in (LOCKED.id, NEEDY.id):
        mine = [json.loads(line) for line in mixed.log(f"accounts/{stamp}/{account}.log")]
        errors = [json.loads(line) for line in mixed.log(f"errors/{stamp}/{account}_errors.log")]
        assert mine == [line for line in batch if line["account"] == account]
        assert errors == [line for line in mine if line["level"] == "ERROR"] != []


def test_an_unusable_option_ends_with_2_and_leaves_nothing(tmp_path: Path) -> None:
    run = ended(started(tmp_path, "http://127.0.0.1:9", [GOOD], "--concurrency", "0"), tmp_path)

    assert run.code == 2
    assert "--concurrency" in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["accounts.csv"]


def test_a_site_that_does_not_answer_ends_with_3_and_reports_it(tmp_path: Path) -> None:
    run = ended(started(tmp_path, "http://127.0.0.1:9", [GOOD]), tmp_path)
    (entry,) = run.report()["accounts"]

    assert run.code == 3
    assert run.stdout.startswith("❌ 실행할 수 없음: 사이트에 연결할 수 없습니다")
    assert (entry["status"], entry["attempts"], entry["not_attempted"]) == ("failed", 0, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A run that was asked to stop; `left` are those of its processes that outlived it."""

    run: Ended
    left: list[psutil.Process]


@pytest.fixture(scope="module")
def stopped(
    site: SandboxSite, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, int], Stopped]:
    """Two runs at once, each asked to stop in its own way in the midst of a product."""
    folders = {stop: tmp_path_factory.mktemp(f"{stop[0]}{stop[1]}") for stop in STOPS}
    running = {
        stop: started(folders[stop], site.url, [account], "--verbose")
        for stop, account in STOPPED.items()
    }
    families = {stop: _ask_once(site, stop, running[stop]) for stop in STOPS}
    seen = {stop: _ask_again(running[stop], stop) if stop[1] == 2 else "" for stop in STOPS}
    return {
        stop: _stopped(running[stop], folders[stop], seen[stop], families[stop]) for stop in STOPS
    }


def _ask_once(
    site: SandboxSite, stop: tuple[str, int], process: subprocess.Popen[str]
) -> list[psutil.Process]:
    _wait_for_edit(site, STOPPED[stop], process)
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(SIGNALS[stop[0]])
    return family


def _ask_again(process: subprocess.Popen[str], stop: tuple[str, int]) -> str:
    """Signal a second time once the first was heard: two at the same moment are one."""
    seen = ""
    for line in process.stderr or ():
        seen += line
        if "중단 요청을 받았습니다" in line:
            break
    process.send_signal(SIGNALS[stop[0]])
    return seen


def _stopped(
    process: subprocess.Popen[str], folder: Path, seen: str, family: list[psutil.Process]
) -> Stopped:
    run = ended(process, folder)
    _, alive = psutil.wait_procs(family, timeout=5)
    return Stopped(
        run=replace(run, stderr=seen + run.stderr),
        left=[each for each in alive if each.status() != psutil.STATUS_ZOMBIE],
    )


def _wait_for_edit(
    site: SandboxSite, account: SandboxAccount, process: subprocess.Popen[str]
) -> None:
    while process.poll() is None:
        if any(c.account == account.id and c.what not in NOT_EDITS for c in site.record):
            return
        try:
            process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("stop", STOPS)
class TestStopped:
    def test_the_exit_code_tells_the_signal(
        self, stopped: dict[tuple[str, int], Stopped], stop: tuple[str, int]
    ) -> None:
        assert stopped[stop].run.code == 128 + SIGNALS[stop[0]]
        assert "Traceback" not in stopped[stop].run.stderr

    def test_the_reports_are_written_and_true(
        self, site: SandboxSite, stopped: dict[tuple[str, int], Stopped], stop: tuple[str, int]
    ) -> None:
        report = stopped[stop].run.report()
        (entry,) = report["accounts"]
        moved = record_of(site, STOPPED[stop], "group")

        assert report["interrupted_by"] == SIGNALS[stop[0]]
        assert entry["status"] == entry["stop_reason"] == "cancelled"
        assert [item["key"] for item in entry["items"] if item["outcome"] == "done"] == [
            change.product for change in moved
        ]
        assert entry["done"] + entry["unknown"] + entry["not_attempted"] == 3
        assert len(stopped[stop].run.tree()) == 9

    def test_asked_once_it_finishes_the_product_and_asked_twice_it_does_not(
        self, stopped: dict[tuple[str, int], Stopped], stop: tuple[str, int]
    ) -> None:
        (entry,) = stopped[stop].run.report()["accounts"]
        outcomes = [item["outcome"] for item in entry["items"]]

        assert outcomes[-1] == ("done" if stop[1] == 1 else "unknown")
        assert entry["not_attempted"] >= 1

    def test_none_of_its_processes_outlives_it(
        self, stopped: dict[tuple[str, int], Stopped], stop: tuple[str, int]
    ) -> None:
        assert stopped[stop].left == []
