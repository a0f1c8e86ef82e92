"""Step 4: lots in turn, within the quota, and gone on with after a death."""

from dataclasses import replace

import pytest

from percenty_batch.errors import FailureKind, ItemError, WorkError
from percenty_batch.models import StopReason
from percenty_batch.settings import StepSettings
from percenty_batch.steps import Unit, bulk_translation
from percenty_batch.steps.lots import LotPlan
from tests.unit.steps.fakes import Account1, FakeList
from tests.unit.steps.lists import CRASH, Shop, product


def shop_of(**counts: int) -> Shop:
    groups = [group for group, count in counts.items() for _ in range(count)]
    return Shop([product(number, group) for number, group in enumerate(groups)])


def account(shop: Shop, *, quantity: int = 6, rules: StepSettings | None = None) -> Account1:
    return Account1(
        products=FakeList(0),
        open_site=shop.open_site,
        quantity=quantity,
        rules=rules or StepSettings(),
    )


async def attempt(job: Account1) -> StopReason:
    return await bulk_translation.run(replace(await job.attempt(), unit=Unit.LOT))


def told(job: Account1) -> list[tuple[str, str, int | None]]:
    return [(item.key, item.outcome.value, item.amount) for item in job.book.items]


async def test_the_groups_have_their_lots_in_turn_until_they_are_empty() -> None:
    shop = shop_of(서버1=53, 서버3=2)
    job = account(shop)

    assert await attempt(job) is StopReason.SOURCE_EMPTY

    assert told(job) == [("서버1#1", "done", 50), ("서버3#1", "done", 2), ("서버1#2", "done", 3)]
    assert [len(start) for start in shop.starts] == [50, 2, 3]
    assert {each.group for each in shop.products} == {"대기1", "대기3"}
    assert not any("女士" in each.name for each in shop.products)


async def test_the_quantity_counts_lots() -> None:
    job = account(shop_of(서버1=2, 서버2=2, 서버3=2), quantity=2)
    assert await attempt(job) is StopReason.QUANTITY_REACHED
    assert [key for key, *_ in told(job)] == ["서버1#1", "서버2#1"]


async def test_a_lot_that_the_quota_is_too_small_for_is_not_begun() -> None:
    shop = shop_of(서버1=5, 서버2=3)
    shop.quota = 4
    job = account(shop)

    assert await attempt(job) is StopReason.QUOTA_REACHED
    assert told(job) == [("서버2#1", "done", 3)]
    assert shop.quota == 1


async def test_the_budget_of_the_day_is_kept_over_runs() -> None:
    shop = shop_of(서버1=3, 서버2=3)
    rules = StepSettings(translations_per_day=5)
    job = account(shop, rules=rules)
    assert await attempt(job) is StopReason.BUDGET_REACHED
    assert told(job) == [("서버1#1", "done", 3)]

    later = replace(account(shop, rules=rules), ledger=job.ledger, job_id="later")
    assert await attempt(later) is StopReason.BUDGET_REACHED
    assert len(shop.starts) == 1


@pytest.mark.parametrize(
    "moment", ["before start", "after start", "while it runs", "before move", "after move"]
)
async def test_a_lot_is_translated_and_moved_once_whenever_the_process_dies(moment: str) -> None:
    shop = shop_of(서버1=3, 서버2=2)
    shop.dies_at = moment
    job = account(shop)
    with pytest.raises(WorkError) as caught:
        await attempt(job)
    assert caught.value is CRASH
    assert told(job) == []

    await job.start()  # the next process knows only what the ledger holds
    assert await attempt(job) is StopReason.SOURCE_EMPTY
    assert told(job) == [("서버1#1", "done", 3), ("서버2#1", "done", 2)]
    assert [len(start) for start in shop.starts] == [3, 2]
    assert len(shop.moves) == len(set(shop.moves)) == 5


async def test_a_lot_that_fails_when_it_is_continued_does_not_give_its_products_to_the_next() -> (
    None
):
    shop = shop_of(서버1=3)
    shop.dies_at = "before move"
    job = account(shop)
    with pytest.raises(WorkError):
        await attempt(job)

    await job.start()
    shop.dies_at, shop.error = "before move", ItemError(FailureKind.PAGE_CHANGED, "바뀜")
    assert await attempt(job) is StopReason.SOURCE_EMPTY

    assert told(job) == [("서버1#1", "failed", 0)]
    assert len(shop.starts) == 1


async def test_a_translation_whose_end_is_not_seen_is_unknown_and_never_begun_again() -> None:
    shop = shop_of(서버1=3)
    shop.is_silent = True
    job = account(shop, rules=StepSettings(translation_timeout_s=60))

    assert await attempt(job) is StopReason.SOURCE_EMPTY
    assert told(job) == [("서버1#1", "unknown", 0)]
    await job.start()
    await attempt(job)

    assert told(job) == [("서버1#1", "unknown", 0)]
    assert (len(shop.starts), shop.moves) == (1, [])


async def test_a_look_counts_lots_and_changes_nothing() -> None:
    shop = shop_of(서버1=53, 서버2=2)
    found = await bulk_translation.look(await account(shop).attempt())
    assert found.count == 3
    assert found.lines[0] == "서버1 → 대기1: 상품 53개"
    assert (shop.starts, shop.moves) == ([], [])


def test_a_plan_is_read_as_it_was_written() -> None:
    rows = (replace(product(1, "서버1"), name_position=-1, translation="번역 완료"),)
    plan = LotPlan(run="r", day="2026-11-27", quota=250, rows=rows)
    assert LotPlan.of(plan.as_json()) == plan
    assert LotPlan.of(None) is None
