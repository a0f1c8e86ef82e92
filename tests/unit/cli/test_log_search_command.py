import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from percenty_batch.cli import log_search
from percenty_batch.errors import InputError
from percenty_batch.ledger import Ledger
from percenty_batch.logs import RunFolders
from tests.unit.cli.ledgers import DONE, RUN_ID, begin, held_by, owner, plan_batch, write

Command = Callable[..., Any]

LOGS = Path("logs")
LOG = RunFolders(root=LOGS, stamp=RUN_ID).account_log(DONE)


@pytest.fixture
def log(command: Command) -> Path:
    LOG.parent.mkdir(parents=True)
    lines = [f"2024-12-01 12:00:0{n},000 - INFO - [{DONE}] 줄 {n}\n" for n in range(9)]
    LOG.write_text("".join(lines), encoding="utf-8")
    return LOG


def test_hits_are_shown_with_file_and_line(command: Command, log: Path) -> None:
    ran = command("logs", "search", "줄 4")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{LOG}:5: 2024-12-01 12:00:04,000 - INFO - [{DONE}] 줄 4\n"


def test_lines_around_hits_are_shown_once_with_a_gap_between(command: Command, log: Path) -> None:
    ran = command("logs", "search", "줄 [127]", "--regex", "-C", "1")
    shown = [each.removeprefix(f"{LOG}")[:3] for each in ran.out.splitlines()]
    assert shown == ["-1-", ":2:", "-3-", ":3:", "-4-", "--", "-7-", ":8:", "-9-"]


def test_json_is_one_object_a_line(command: Command, log: Path) -> None:
    ran = command("logs", "search", "줄 8", "--json", "-C", "1")
    (line,) = ran.out.splitlines()
    told = json.loads(line)
    assert told["path"] == f"accounts/{RUN_ID}/{DONE}.log"
    assert (told["line"], told["run"], told["level"], told["account"]) == (9, RUN_ID, "INFO", DONE)
    assert (len(told["before"]), told["after"]) == (1, [])
    assert datetime.fromisoformat(told["at"]).second == 8


def test_what_could_move_a_cursor_is_shown_escaped(command: Command, log: Path) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write("evil \x1b[2J \u202e line\n")
    assert "\x1b" not in command("logs", "search", "evil").out
    assert r"evil \x1b[2J \u202e line" in command("logs", "search", "evil").out
    as_json = command("logs", "search", "evil", "--json").out
    assert "\u202e" not in as_json
    assert json.loads(as_json)["text"] == "evil \x1b[2J \u202e line"


def test_a_line_that_is_far_too_long_is_cut_on_the_terminal(command: Command, log: Path) -> None:
    log.write_text("x" * 10_000 + "\n", encoding="utf-8")
    assert command("logs", "search", "xxx").out.endswith("x… (모두 10,000자)\n")
    assert len(json.loads(command("logs", "search", "xxx", "--json").out)["text"]) == 10_000


def test_nothing_found_is_exit_code_1(command: Command, log: Path) -> None:
    ran = command("logs", "search", "없는 말")
    assert (ran.code, ran.out, ran.err) == (1, "", "")


def test_a_file_that_cannot_be_read_is_named_and_makes_exit_code_3(
    command: Command, log: Path
) -> None:
    damaged = log.with_name("b@example.com.log.zst")
    damaged.write_bytes(b"damaged")
    ran = command("logs", "search", "줄 4")
    assert ran.code == 3
    assert ran.out.startswith(f"{LOG}:5: ")
    assert ran.err.splitlines() == [
        f"오류: {damaged}: 읽을 수 없습니다 (압축 파일이 손상됨)",
        "경고: 다 읽지 못한 파일이 1개 있습니다",
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["x", "--since", "soon"], "--since 'soon': 2026-11-01"),
        (["(", "--regex"], "--regex '(': 정규식이 잘못되었습니다"),
        (["x", "--level", "loud"], "--level: debug, info"),
        (["x", "-C", "x"], "--context: 0-1000 사이의 정수여야 합니다"),
        ([], "WORDS...: 반드시 지정해야 합니다"),
    ],
)
def test_what_cannot_be_searched_for_is_exit_code_2(
    command: Command, args: list[str], said: str
) -> None:
    ran = command("logs", "search", *args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"오류: {said}")


def test_since_is_a_span_or_a_date() -> None:
    now = datetime(2026, 11, 27, 12).astimezone()
    assert log_search.since_when("36h", now) == now - timedelta(hours=36)
    assert log_search.since_when("7d", now) == now - timedelta(days=7)
    assert log_search.since_when("2026-11-01", now) == datetime(2026, 11, 1).astimezone()
    assert (
        log_search.since_when("2026-11-01T02:30", now) == datetime(2026, 11, 1, 2, 30).astimezone()
    )
    assert log_search.since_when(None, now) is None
    with pytest.raises(InputError):
        log_search.since_when("yesterday", now)


def test_a_log_is_followed_until_nobody_works_at_its_run(
    command: Command, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease: list[Any] = []

    async def take(ledger: Ledger) -> None:
        lease.append(await held_by(owner())(ledger))

    write(LOGS, begin, plan_batch, take)
    looks = iter(["new\n", "newer\n"])

    async def pause(_seconds: float) -> None:
        """While the command waits, the run goes on, and ends."""
        if text := next(looks, None):
            with log.open("a", encoding="utf-8") as file:
                file.write(text)
            return
        monkeypatch.setattr(log_search, "_is_running", ended)

    async def ended(*_: object) -> bool:
        return False

    monkeypatch.setattr(log_search, "_pause", pause)
    ran = command("logs", "tail", DONE, "--lines", "2")

    assert (ran.code, ran.err) == (0, f"=== 실행 {RUN_ID}이(가) 끝났습니다 ===\n")
    assert [text.split("] ")[-1] for text in ran.out.splitlines()] == [
        *("줄 7", "줄 8", "new", "newer")
    ]


def test_a_run_of_which_the_ledger_knows_the_end_is_shown_and_left(
    command: Command, log: Path
) -> None:
    write(LOGS, begin, plan_batch)
    ran = command("logs", "tail", DONE, "--run", RUN_ID, "--lines", "1")
    assert (ran.code, ran.out[-4:]) == (0, "줄 8\n")


def test_a_log_that_is_not_there_cannot_be_followed(command: Command, log: Path) -> None:
    assert command("logs", "tail", "x@example.com").err.startswith(
        "오류: x@example.com: 이 계정의 로그가 없습니다"
    )
    assert command("logs", "tail", DONE, "--run", "20000101_000000").code == 2
