"""Which messages a run sends, and how often; tests/contract tries the channels themselves."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from percenty_batch.errors import FailureKind, InputError, LedgerError, SignInError
from percenty_batch.manager import BatchManager, notices
from percenty_batch.models import BatchResult
from percenty_batch.notify import Channel, Delivery, Message, Outcome
from percenty_batch.settings import Settings
from tests.unit.manager.conftest import ONE, TWO, House

MAIL, CHAT = (
    Channel(name="mailto 1", key="m", url="mailto://"),
    Channel(name="slack 2", key="s", url="slack://"),
)


class Post:
    """Takes messages instead of the world."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.attached: list[list[str]] = []
        self.answers: dict[str, Delivery | BaseException] = {}
        self.reports_then: list[list[str]] = []
        self.folder = Path("logs/reports")

    async def deliver(
        self, channel: Channel, message: Message, *, attachments: Sequence[Path], **_: object
    ) -> Delivery:
        self.sent.append((channel.name, message))
        self.attached.append([path.name for path in attachments])
        found = await asyncio.to_thread(lambda: [*self.folder.rglob("*.md")])
        self.reports_then.append(sorted(path.name for path in found))
        answer = self.answers.get(channel.name, Delivery(outcome=Outcome.SENT))
        if isinstance(answer, BaseException):
            raise answer
        return answer

    @property
    def titles(self) -> list[str]:
        return [f"{name}: {message.title.rsplit(' (', 1)[0]}" for name, message in self.sent]


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    taken = Post()
    monkeypatch.setattr(notices, "channels_of", lambda _settings: (MAIL,))
    monkeypatch.setattr(notices, "deliver", taken.deliver)
    return taken


def run(manager: BatchManager) -> BatchResult:
    return manager.run_single_step(1, quantity=1)


def refuse(house: House) -> None:
    house.refusals[TWO] = SignInError(FailureKind.CAPTCHA, "자동 로그인 방지")


def summary(manager: BatchManager) -> str:
    return manager.generate_summary_report().read_text(encoding="utf-8")


def twin(manager: BatchManager) -> dict[str, Any]:
    text = manager.generate_summary_report().with_suffix(".json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def test_a_run_sends_one_digest_before_its_reports(house: House, post: Post) -> None:
    manager = house.manager()
    run(manager)
    assert post.titles == ["mailto 1: 퍼센티 배치 ✅ 성공: 계정 2/2"]
    assert post.reports_then == [[]]
    assert post.attached == [[]]
    assert manager.notice_problems == ()


def test_the_digest_says_who_failed_with_the_list_attached(house: House, post: Post) -> None:
    refuse(house)
    manager = house.manager()
    run(manager)
    ((_, message),) = post.sent
    assert message.rows == (f"- {TWO} (1단계): 자동 로그인 방지",)
    assert post.attached == [[f"failed_accounts_{manager.start_time}.csv"]]


def test_reports_that_cannot_be_written_hold_up_no_message(house: House, post: Post) -> None:
    manager = house.manager()
    (house.folder / "logs/reports" / manager.start_time).rmdir()
    (house.folder / "logs/reports" / manager.start_time).write_text("", encoding="utf-8")
    run(manager)
    assert len(post.sent) == 1


def test_a_resumption_that_changes_the_outcome_sends_an_update(house: House, post: Post) -> None:
    refuse(house)
    first = house.manager()
    run(first)
    house.refusals.clear()
    house.manager(house.run(first)).resume(retry_refused=True)
    assert post.titles == [
        "mailto 1: 퍼센티 배치 ⚠️ 부분 성공: 계정 1/2",
        "mailto 1: [갱신] 퍼센티 배치 ✅ 성공: 계정 2/2",
    ]


def test_a_resumption_that_changes_nothing_sends_nothing(house: House, post: Post) -> None:
    refuse(house)
    first = house.manager()
    run(first)
    house.manager(house.run(first)).resume(retry_refused=True)
    assert len(post.sent) == 1


@pytest.mark.parametrize("when", ["unknown", "killed"])
def test_a_message_that_may_have_arrived_is_never_sent_again(
    house: House, post: Post, when: str
) -> None:
    refuse(house)
    first = house.manager()
    unknown = Delivery(outcome=Outcome.UNKNOWN, why="30초 안에 끝나지 않음")
    post.answers["mailto 1"] = KeyboardInterrupt() if when == "killed" else unknown
    if when == "killed":
        with pytest.raises(KeyboardInterrupt):
            run(first)
    else:
        run(first)
        assert first.notice_problems == (
            "알림이 도착했는지 알 수 없습니다: mailto 1 (30초 안에 끝나지 않음)",
        )
    post.answers.clear()
    house.manager(house.run(first)).resume(retry_refused=True)
    assert len(post.sent) == 1


def test_a_refused_message_is_tried_again_by_the_next_start(house: House, post: Post) -> None:
    refuse(house)
    first = house.manager()
    post.answers["mailto 1"] = Delivery(outcome=Outcome.REFUSED, why="554")
    run(first)
    problem = "알림을 보내지 못했습니다: mailto 1 (554)"
    assert first.notice_problems == (problem,)
    assert f"## 알림\n\n- {problem}" in summary(first)
    assert twin(first)["notices"] == [problem]

    post.answers.clear()
    again = house.manager(house.run(first))
    again.resume(retry_refused=True)
    assert post.titles == ["mailto 1: 퍼센티 배치 ⚠️ 부분 성공: 계정 1/2"] * 2
    assert again.notice_problems == ()
    assert "## 알림" not in summary(again)


def test_one_channels_failure_is_no_others(
    house: House, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "channels_of", lambda _settings: (MAIL, CHAT))
    post.answers["mailto 1"] = Delivery(outcome=Outcome.REFUSED, why="554")
    manager = house.manager()
    run(manager)
    assert sorted(name for name, _ in post.sent) == ["mailto 1", "slack 2"]
    assert len(manager.notice_problems) == 1


def test_a_halt_is_told_at_once_and_the_digest_comes_all_the_same(house: House, post: Post) -> None:
    house.refusals[ONE] = house.refusals[TWO] = SignInError(FailureKind.CAPTCHA, "CAPTCHA")
    run(house.manager(halt="fail=1", concurrency=1))
    halt, digest = post.titles
    assert halt == "mailto 1: 퍼센티 배치 ⛔ 배치 중단"
    assert digest.startswith("mailto 1: 퍼센티 배치 ❌ 실패")
    assert post.sent[0][1].head[0].startswith("계정 2개 중 1개가 실패하여 배치를 멈춥니다")


def test_a_halt_whose_event_is_late_is_told_before_the_digest_and_once(
    house: House, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices.RunNotices, "on_event", lambda _self, _event: None)
    house.refusals[ONE] = house.refusals[TWO] = SignInError(FailureKind.CAPTCHA, "CAPTCHA")
    run(house.manager(halt="fail=1", concurrency=1))
    assert [title.split()[4] for title in post.titles] == ["⛔", "❌"]


def test_what_could_not_run_at_all_is_told_without_a_ledger(house: House, post: Post) -> None:
    house.ledger_problem = LedgerError("원장을 사용할 수 없습니다")
    run(house.manager())
    ((_, message),) = post.sent
    assert message.title.startswith("퍼센티 배치 ❌ 실패")
    assert "원장을 사용할 수 없습니다" in message.rows[0]


def test_without_a_channel_nothing_is_sent(
    house: House, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "channels_of", lambda _settings: ())
    run(house.manager())
    assert post.sent == []


def test_an_address_that_cannot_be_used_is_refused_before_anything_opens(house: House) -> None:
    settings = house.settings()
    bad = Settings.model_validate(
        {"logs": {"folder": settings.logs.folder}, "notify": {"urls": ["nonsense://s3cret"]}}
    )
    with pytest.raises(InputError, match=r"notify\.urls"):
        BatchManager(settings=bad, accounts=[])
    assert house.files == []
