"""Items that are no products: keywords, lots, market rows."""

import asyncio
from dataclasses import replace

import pytest

from percenty_batch.errors import FailureKind, GaveUpError, ItemError, SignedOutError
from percenty_batch.models import ItemOutcome, StopReason
from percenty_batch.settings import JobSettings
from percenty_batch.steps import StepContext, Unit
from percenty_batch.steps.items import ItemWork, ItemWorked, Tally, work_items
from tests.unit.steps.fakes import Account1, FakeList, FakeSite

BROKEN = ItemError(FailureKind.SITE_ERROR, "사이트 오류: 500")


class Keywords:
    """A work for each key: it moves three products, then does what its deed says, once."""

    def __init__(self, *keys: str, **deeds: Exception) -> None:
        self.touched: list[str] = []
        self._deeds = deeds
        self.works: dict[str, ItemWork] = {key: self._work(key) for key in keys}

    def _work(self, key: str) -> ItemWork:
        async def work(tally: Tally) -> ItemWorked:
            self.touched.append(key)
            tally.products += 3
            if (deed := self._deeds.pop(key, None)) is not None:
                raise deed
            return ItemWorked(moved_to="대기1")

        return work


async def attempt(job: Account1) -> StepContext:
    return replace(await job.attempt(), unit=Unit.KEYWORD)


def account(*, quantity: int = 9, limits: JobSettings | None = None) -> Account1:
    return Account1(products=FakeList(0), quantity=quantity, limits=limits or JobSettings())


async def test_items_are_worked_in_order_and_stand_for_products() -> None:
    job, keywords = account(quantity=2), Keywords("H16@서버1", "G03@서버1", "X11@서버1")

    reason = await work_items(await attempt(job), keywords.works)

    assert reason is StopReason.QUANTITY_REACHED
    assert keywords.touched == ["H16@서버1", "G03@서버1"]
    assert [(item.amount, item.products, item.moved_to) for item in job.book.items] == [
        (3, 3, "대기1"),
        (3, 3, "대기1"),
    ]
    assert "키워드 2/2 (G03@서버1) 처리 완료 - 상품: 3개, 그룹: 대기1" in job.log.lines("info")


async def test_without_further_rows_the_source_is_empty() -> None:
    assert await work_items(await attempt(account()), Keywords("a").works) is (
        StopReason.SOURCE_EMPTY
    )


async def test_what_was_moved_before_a_failure_is_counted_and_the_others_go_on() -> None:
    job, keywords = account(), Keywords("a", "b", a=BROKEN)
    ctx = await attempt(job)

    await work_items(ctx, keywords.works)

    failed, done = job.book.items
    assert (failed.outcome, failed.kind, failed.products) == ("failed", BROKEN.kind, 3)
    assert (done.outcome, failed.evidence) == ("done", ("evidence/a.png",))
    assert isinstance(ctx.site, FakeSite)
    assert ctx.site.loads == 1


async def test_an_item_in_flight_is_worked_again_in_its_place() -> None:
    job, keywords = account(quantity=3), Keywords("a", "b", "c", b=SignedOutError())
    with pytest.raises(SignedOutError):
        await work_items(await attempt(job), keywords.works)

    await work_items(await attempt(job), keywords.works)

    assert keywords.touched == ["a", "b", "b", "c"]
    assert job.outcomes() == ["done"] * 3


async def test_a_row_of_failures_ends_the_account() -> None:
    job = account(limits=JobSettings(max_consecutive_failures=2))
    with pytest.raises(GaveUpError, match="키워드 2개가 연속으로 실패"):
        await work_items(await attempt(job), Keywords("a", "b", "c", a=BROKEN, b=BROKEN).works)


async def test_an_item_may_have_a_time_limit_of_its_own() -> None:
    async def hang(_tally: Tally) -> ItemWorked:
        await asyncio.sleep(1e6)
        return ItemWorked()

    job = account()
    await work_items(await attempt(job), {"a": hang}, timeout_s=1800)

    assert asyncio.get_running_loop().time() == pytest.approx(1800)
    assert job.book.items[0].reason == "키워드 하나의 제한 시간(1800초)을 넘었습니다"


async def test_a_wish_to_stop_begins_no_other_item() -> None:
    job, keywords = account(), Keywords("a")
    job.should_stop.set()
    assert await work_items(await attempt(job), keywords.works) is StopReason.CANCELLED
    assert keywords.touched == []


async def test_an_item_that_is_passed_over_is_told_with_why() -> None:
    async def skip(_tally: Tally) -> ItemWorked:
        return ItemWorked(outcome=ItemOutcome.SKIPPED, reason="API 키가 없습니다")

    job = account()
    await work_items(await attempt(job), {"쇼핑몰A1": skip})

    assert "키워드 1/9 (쇼핑몰A1) 건너뜀 - API 키가 없습니다" in job.log.lines("info")
    assert job.book.items[0].products == 0
