"""Items of a user's own step, and the ledger behind them."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, GaveUpError, ItemError, WorkError
from percenty_batch.ledger import MemoryLedger
from percenty_batch.models import ItemOutcome, StopReason
from percenty_batch.settings import JobSettings
from percenty_batch.steps import ItemBook, OwnContext, StepContext
from percenty_batch.steps.own.context import WasDone, reason_at_the_end
from tests.unit.jobs.fakes import Recorded
from tests.unit.jobs.ledgers import begin_batch, read_job, taken_job

ACCOUNT = "a@example.com"
DEATH = WorkError(FailureKind.BROWSER_CRASHED, "브라우저가 닫혔습니다")
Do = Callable[[str], object]


class Place:
    """One account's ledger; each `attempt` is as after a death, with what the ledger knows."""

    def __init__(self, requested: int = 9) -> None:
        self.ledger = MemoryLedger()
        self.recorded = Recorded()
        self.worked: list[str] = []
        self.evidence: list[str] = []
        self._requested = requested

    async def attempt(self) -> StepContext:
        await begin_batch(self.ledger, ACCOUNT)
        job = await taken_job(self.ledger, ACCOUNT)
        known = (await read_job(self.ledger, ACCOUNT)).items
        book = ItemBook(
            self._requested, self.ledger, job, on_item=lambda _index, _item: None, known=known
        )
        return cast(
            "StepContext",
            SimpleNamespace(
                account=None,
                log=self.recorded.log,
                book=book,
                should_stop=asyncio.Event(),
                limits=JobSettings(max_consecutive_failures=3),
                evidence=SimpleNamespace(take=self._take),
                site=SimpleNamespace(
                    own_page=lambda _log: None, url=str, note_action=self.evidence.append
                ),
            ),
        )

    async def work(self, keys: str, do: Do = str, was_done: WasDone | None = None) -> None:
        """Work the items of one attempt; `do` may raise."""
        ctx = OwnContext(await self.attempt())
        async for item in ctx.items(keys, was_done=was_done):
            async with item:
                self.worked.append(item.key)
                do(item.key)

    async def outcomes(self) -> dict[str, str | None]:
        items = (await read_job(self.ledger, ACCOUNT)).items
        return {item.key: item.result.outcome if item.result else None for item in items}

    async def _take(self, name: str) -> tuple[str, ...]:
        return (f"{name}.png",)


def failing(*keys: str, error: Exception | None = None) -> Do:
    def do(key: str) -> None:
        if key in keys:
            raise error or ItemError(FailureKind.DATA, "틀림")

    return do


async def test_each_item_is_claimed_worked_once_and_done() -> None:
    place = Place()
    await place.work("abca")
    await place.work("abcd")
    assert place.worked == ["a", "b", "c", "d"]
    assert await place.outcomes() == dict.fromkeys("abcd", "done")


async def test_no_more_than_the_quantity_is_begun() -> None:
    place = Place(requested=2)
    await place.work("abcd")
    assert place.worked == ["a", "b"]


async def test_items_that_were_collected_first_are_no_way_past_the_quantity() -> None:
    place = Place(requested=2)
    items = [item async for item in OwnContext(await place.attempt()).items("abcd")]

    async def work_all() -> None:
        for item in items:
            async with item:
                pass

    with pytest.raises(GaveUpError, match="수량 2개를 넘는"):
        await work_all()
    assert await place.outcomes() == {"a": "done", "b": "done"}


async def test_a_block_that_raises_fails_its_item_only_with_evidence() -> None:
    place = Place()
    await place.work("abc", failing("b"))
    b = (await read_job(place.ledger, ACCOUNT)).items[1].result
    assert place.worked == ["a", "b", "c"]
    assert b
    assert (b.outcome, b.reason, b.evidence) == (ItemOutcome.FAILED, "틀림", ("b.png",))


async def test_an_error_that_nobody_expected_fails_its_item_too() -> None:
    place = Place()
    await place.work("ab", failing("a", error=KeyError("x")))
    assert await place.outcomes() == {"a": "failed", "b": "done"}


CUT_OFF = PlaywrightTimeoutError("Timeout 20000ms exceeded.")


@pytest.mark.parametrize("error", [TimeoutError(), CUT_OFF])
async def test_a_block_that_a_time_limit_cut_off_is_unknown_and_not_begun_again(
    error: Exception,
) -> None:
    place = Place()
    await place.work("ab", failing("a", error=error))
    first = (await read_job(place.ledger, ACCOUNT)).items[0].result
    await place.work("ab")

    again = (await read_job(place.ledger, ACCOUNT)).items[0].result
    assert place.worked == ["a", "b"]
    assert first
    assert (first.outcome, first.kind) == (ItemOutcome.UNKNOWN, FailureKind.TIMEOUT)
    assert again == first
    assert "결과 확인 불가" in place.recorded.lines("error")[0]


async def test_a_block_is_cut_off_by_the_items_own_limit() -> None:
    place = Place()
    step = await place.attempt()
    async for item in OwnContext(step).items("a"):
        async with item:
            await asyncio.sleep(step.limits.item_timeout_s + 1)
    assert await place.outcomes() == {"a": "unknown"}


@pytest.mark.parametrize("kind", [FailureKind.TIMEOUT, FailureKind.SITE_ERROR])
async def test_what_its_block_itself_said_to_have_failed_is_worked_again(
    kind: FailureKind,
) -> None:
    place = Place()
    await place.work("ab", failing("a", error=ItemError(kind, "저장 안 됨")))
    await place.work("ab")
    assert place.worked == ["a", "b", "a"]
    assert await place.outcomes() == {"a": "done", "b": "done"}


async def test_an_item_may_be_skipped_with_why() -> None:
    place = Place()
    ctx = OwnContext(await place.attempt())
    async for item in ctx.items(["a"]):
        async with item:
            item.skip("이미 있음")
    await place.work("a")
    assert (await place.outcomes(), place.worked) == ({"a": "skipped"}, [])


async def test_too_many_failures_in_a_row_end_the_account() -> None:
    place = Place()
    with pytest.raises(GaveUpError, match="항목 3개가 연속으로 실패하여"):
        await place.work("abcdef", failing(*"abcdef"))
    assert place.worked == ["a", "b", "c"]


async def test_what_died_in_flight_is_not_begun_again_and_unknown() -> None:
    place = Place()
    with pytest.raises(WorkError):
        await place.work("abc", failing("b", error=DEATH))
    await place.work("abc")
    assert place.worked == ["a", "b", "c"]
    assert await place.outcomes() == {"a": "done", "b": "unknown", "c": "done"}


@pytest.mark.parametrize(("was_done", "worked"), [(True, ["a", "b"]), (False, ["a", "a", "b"])])
async def test_the_site_may_tell_what_became_of_it(was_done: bool, worked: list[str]) -> None:
    async def ask(key: str) -> bool:
        assert key == "a"
        return was_done

    place = Place()
    with pytest.raises(WorkError):
        await place.work("a", failing("a", error=DEATH))
    await place.work("ab", was_done=ask)
    assert place.worked == worked
    assert await place.outcomes() == {"a": "done", "b": "done"}


@pytest.mark.parametrize("error", [ItemError(FailureKind.SITE_ERROR, "오류"), CUT_OFF])
@pytest.mark.parametrize(("was_done", "worked"), [(True, ["a"]), (False, ["a", "a"])])
async def test_the_site_may_tell_of_what_failed_or_was_cut_off_as_well(
    error: Exception, was_done: bool, worked: list[str]
) -> None:
    async def ask(_key: str) -> bool:
        return was_done

    place = Place()
    await place.work("a", failing("a", error=error))
    await place.work("a", was_done=ask)
    assert place.worked == worked
    assert await place.outcomes() == {"a": "done"}


async def test_after_a_wish_to_stop_no_item_begins() -> None:
    place = Place()
    step = await place.attempt()
    async for item in OwnContext(step).items("abc"):
        async with item:
            place.worked.append(item.key)
            step.should_stop.set()
    assert place.worked == ["a"]
    assert reason_at_the_end(step, None) is StopReason.CANCELLED


async def test_an_action_is_timed_logged_and_noted_for_the_evidence() -> None:
    place = Place()
    ctx = OwnContext(await place.attempt())
    async with ctx.action("저장"):
        pass
    with pytest.raises(KeyError):
        async with ctx.action("닫기"):
            raise KeyError("x")
    assert place.evidence == ["저장", "닫기"]
    assert place.recorded.lines("info")[0].startswith("동작 '저장' 완료 (0.0초)")
    assert place.recorded.lines("warning")[0].startswith("동작 '닫기' 실패 (0.0초)")


async def test_why_it_ended_is_what_it_says_or_what_is_left() -> None:
    step = await Place(requested=1).attempt()
    assert reason_at_the_end(step, StopReason.QUOTA_REACHED) is StopReason.QUOTA_REACHED
    assert reason_at_the_end(step, None) is StopReason.SOURCE_EMPTY
