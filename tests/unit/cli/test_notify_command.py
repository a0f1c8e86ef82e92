from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from percenty_batch.cli import notify
from percenty_batch.errors import InputError
from percenty_batch.ledger import Ledger
from percenty_batch.notify import Channel, Delivery, Message, Outcome
from tests.unit.cli.ledgers import RUN_ID, begin, plan_batch, write

Command = Callable[..., Any]

LOGS = Path("logs")
URL = "json://127.0.0.1/s3cret-token"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two channels, of which the second refuses."""
    titles = []
    channels = [Channel(name=f"json {n}", key=str(n), url=URL) for n in (1, 2)]

    async def deliver(channel: Channel, message: Message, **_: object) -> Delivery:
        titles.append(message.title)
        is_good = channel.key == "1"
        outcome = Outcome.SENT if is_good else Outcome.REFUSED
        return Delivery(outcome=outcome, why="" if is_good else f"no route to {URL}")

    monkeypatch.setenv("PERCENTY_NOTIFY__URLS", URL)
    monkeypatch.setattr(notify, "channels_of", lambda _settings: channels)
    monkeypatch.setattr(notify, "deliver", deliver)
    return titles


async def end(ledger: Ledger) -> None:
    await ledger.end_start(RUN_ID, 1, datetime.now(UTC) - timedelta(hours=25))


def test_a_trial_says_of_each_channel_whether_it_took_the_message(
    command: Command, sent: list[str]
) -> None:
    ran = command("notify", "test")
    assert ran.code == 7
    assert ran.out.splitlines() == [
        "✅ json 1: 보냄",
        "❌ json 2: 보내지 못함 (no route to ***)",
    ]
    assert sent == ["퍼센티 배치 알림 시험"] * 2


def test_without_an_address_there_is_nothing_to_try(command: Command) -> None:
    ran = command("notify", "test")
    assert (ran.code, ran.err) == (
        2,
        "오류: notify.urls: 알림 주소가 설정되지 않았습니다\n",
    )


def test_a_run_that_finished_in_time_is_good(command: Command, sent: list[str]) -> None:
    write(LOGS, begin, plan_batch, end)
    ran = command("watch", "--max-age", "26h", "--notify")
    assert ran.code == 0
    assert ran.out.startswith("✅ 마지막으로 끝난 실행: 20")
    assert sent == []


def test_no_run_that_finished_in_time_is_exit_code_8(command: Command, sent: list[str]) -> None:
    write(LOGS, begin, plan_batch, end)
    ran = command("watch", "--max-age", "24h")
    assert ran.code == 8
    assert ran.out.startswith("❌ 최근 24h 안에 끝난 실행이 없습니다 (마지막으로 끝난 실행: 20")
    assert sent == []
    assert command("watch", "--max-age", "24h", "--notify").code == 8
    assert sent == ["퍼센티 배치 ⏰ 끝난 실행 없음"] * 2


def test_a_run_that_was_killed_has_not_finished(command: Command) -> None:
    write(LOGS, begin, plan_batch)
    assert command("watch").code == 8


def test_without_a_ledger_no_run_has_finished(command: Command) -> None:
    ran = command("watch")
    assert (ran.code, ran.out) == (
        8,
        "❌ 최근 26h 안에 끝난 실행이 없습니다 (마지막으로 끝난 실행: 없음)\n",
    )
    assert not LOGS.exists()


def test_an_age_is_days_hours_and_minutes() -> None:
    assert notify.age_of("1d2h30m") == timedelta(days=1, hours=2, minutes=30)
    for wrong in ("", "0h", "26", "h", "-1h", "1h1d"):
        with pytest.raises(InputError):
            notify.age_of(wrong)
