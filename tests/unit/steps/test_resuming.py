"""What a start finds that another one left behind."""

import pytest

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.ledger import Json, MemoryLedger
from percenty_batch.models import ItemOutcome, ItemResult, StopReason, Totals
from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.moving import MOVE
from percenty_batch.steps.product_loop import Worked, work_through
from percenty_batch.steps.resuming import DELETE, DELETED, NO_IMAGES, look_up
from tests.unit.jobs.builders import product_key
from tests.unit.jobs.ledgers import read_job
from tests.unit.steps.fakes import ACCOUNT, Account1, FakeList, FakeSite, keys

GROUP = "신규수집"
ONE, TWO, THREE, *_ = keys(range(9))


class Work:
    """Moves every product that it is given."""

    def __init__(self) -> None:
        self.touched: list[str] = []

    async def __call__(self, ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
        assert page.row(product.key) == product
        self.touched.append(product.key)
        products = products_of(ctx)
        products.take(product.key, GROUP)
        page = await products.refresh(is_grouped=False)
        return Worked(outcome=ItemOutcome.DONE, page=page, moved_to=GROUP)


def products_of(ctx: StepContext) -> FakeList:
    assert isinstance(ctx.site, FakeSite)
    return ctx.site.products


def account(products: FakeList, *, quantity: int = 100) -> Account1:
    return Account1(products=products, quantity=quantity, ledger=MemoryLedger())


async def left_in_flight(job: Account1, key: str, **intended: Json) -> None:
    """Have an earlier start begin a product and intend these edits of it."""
    ctx = await job.attempt()
    await ctx.book.begin(key)
    edits = await ctx.edits(key)
    for action, value in intended.items():
        await edits.intend(action, value)


async def ended(
    job: Account1, key: str, outcome: ItemOutcome, kind: FailureKind | None = None
) -> ItemResult:
    """Have an earlier start end a product so."""
    ctx = await job.attempt()
    item = ItemResult(key=key, outcome=outcome, kind=kind, reason="앞선 실행에서")
    await ctx.book.begin(key)
    await ctx.book.record(item)
    return item


async def resumed(job: Account1) -> Work:
    """Start the job anew and work to the end."""
    work = Work()
    await job.start()
    job.told.clear()
    await work_through(await job.attempt(), work)
    return work


def outcome_of(job: Account1, key: str) -> tuple[str, str | None]:
    item = job.book.result(key)
    assert item is not None
    return item.outcome.value, item.moved_to


async def test_a_product_left_in_flight_is_worked_on_first_wherever_it_stands() -> None:
    job = account(FakeList(6, page_size=2))
    await left_in_flight(job, product_key(5), memo="G1")

    work = await resumed(job)

    assert work.touched == keys([5, 0, 1, 2, 3, 4])
    assert job.outcomes() == ["done"] * 6


async def test_a_product_that_reached_its_group_is_done_and_not_touched() -> None:
    job = account(FakeList(2))
    await left_in_flight(job, ONE, **{MOVE: GROUP})
    job.products.take(ONE, GROUP)

    work = await resumed(job)

    assert work.touched == [TWO]
    assert outcome_of(job, ONE) == ("done", GROUP)
    assert [item.key for _, item in job.told] == [ONE, TWO]


async def test_a_product_that_is_still_listed_is_moved_again() -> None:
    job = account(FakeList(2))
    await left_in_flight(job, ONE, **{MOVE: GROUP})
    assert (await resumed(job)).touched == [ONE, TWO]
    assert job.outcomes() == ["done", "done"]


async def test_the_group_is_believed_before_a_stale_list_of_the_ungrouped() -> None:
    job = account(FakeList(2))
    await left_in_flight(job, ONE, **{MOVE: GROUP})
    job.products.take(ONE, GROUP)
    job.products.stale = 1

    fate = await look_up(await job.attempt(), ONE)

    assert isinstance(fate, ItemResult)
    assert fate.outcome is ItemOutcome.DONE


async def test_a_product_that_was_deleted_is_told_so() -> None:
    job = account(FakeList(2))
    await left_in_flight(job, ONE, **{DELETE: True})
    job.products.take(ONE, DELETED)

    await resumed(job)

    assert outcome_of(job, ONE) == ("failed", DELETED)
    assert (job.book.items[0].kind, job.book.items[0].reason) == (FailureKind.DATA, NO_IMAGES)
    assert any(NO_IMAGES in line for line in job.log.lines("error"))


async def test_a_deletion_that_did_not_happen_is_made_again() -> None:
    job = account(FakeList(1))
    await left_in_flight(job, ONE, **{DELETE: True})
    assert (await resumed(job)).touched == [ONE]


@pytest.mark.parametrize("intended", [{}, {"memo": "G1"}, {MOVE: GROUP}])
async def test_a_product_that_is_nowhere_is_unknown(intended: dict[str, Json]) -> None:
    job = account(FakeList(2))
    await left_in_flight(job, ONE, **intended)
    job.products.take(ONE, "다른 그룹")

    work = await resumed(job)

    assert work.touched == [TWO]
    assert outcome_of(job, ONE) == ("unknown", None)


async def test_a_product_that_was_unknown_is_looked_up_again() -> None:
    job = account(FakeList(2))
    await left_in_flight(job, ONE, **{MOVE: GROUP})
    await ended(job, ONE, ItemOutcome.UNKNOWN)
    job.products.take(ONE, GROUP)

    await resumed(job)

    assert outcome_of(job, ONE) == ("done", GROUP)


@pytest.mark.parametrize("outcome", [ItemOutcome.UNKNOWN, ItemOutcome.FAILED])
async def test_one_that_ended_badly_and_is_nowhere_keeps_its_outcome(outcome: ItemOutcome) -> None:
    job = account(FakeList(2))
    item = await ended(job, ONE, outcome, FailureKind.TIMEOUT)
    job.products.take(ONE, "다른 그룹")

    work = await resumed(job)

    assert work.touched == [TWO]
    assert job.book.result(ONE) == item
    assert [item.key for _, item in job.told] == [TWO]


async def test_a_product_that_failed_is_tried_again_before_any_new_one() -> None:
    job = account(FakeList(4), quantity=3)
    await ended(job, TWO, ItemOutcome.FAILED, FailureKind.TIMEOUT)

    work = await resumed(job)

    assert work.touched == [TWO, ONE, THREE]
    assert outcome_of(job, TWO) == ("done", GROUP)


async def test_a_product_with_wrong_data_is_left_alone() -> None:
    job = account(FakeList(3))
    item = await ended(job, ONE, ItemOutcome.FAILED, FailureKind.DATA)

    work = await resumed(job)

    assert work.touched == [TWO, THREE]
    assert job.book.result(ONE) == item


async def test_with_the_quantity_used_up_only_what_is_owed_is_worked_on() -> None:
    job = account(FakeList(9), quantity=3)
    await ended(job, ONE, ItemOutcome.FAILED, FailureKind.SITE_ERROR)
    await ended(job, TWO, ItemOutcome.FAILED, FailureKind.DATA)
    await left_in_flight(job, THREE)

    work = await resumed(job)

    assert sorted(work.touched) == [ONE, THREE]
    assert await total(job) == Totals(requested=3, done=2, failed=1, skipped=0, unknown=0)


async def test_after_a_search_through_all_pages_the_work_begins_on_the_first_one() -> None:
    job = account(FakeList(5, page_size=2))
    for number in (2, 3):
        await ended(job, product_key(number), ItemOutcome.FAILED, FailureKind.DATA)
    await left_in_flight(job, product_key(4))
    job.products.take(product_key(4), "다른 그룹")

    work = await resumed(job)

    assert work.touched == [ONE, TWO]


@pytest.mark.parametrize("is_deleted", [True, False])
async def test_so_it_does_after_a_failure_that_was_looked_up(*, is_deleted: bool) -> None:
    """The list has three pages; the first product leaves in a failure at its end."""
    job = account(FakeList(6, page_size=2))
    for number in (4, 5):
        await ended(job, product_key(number), ItemOutcome.FAILED, FailureKind.DATA)
    await job.start()
    touched: list[str] = []

    async def fail_first(ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
        touched.append(product.key)
        if product.key != ONE:
            return await Work()(ctx, product, page)
        await (await ctx.edits(ONE)).intend(*((DELETE, True) if is_deleted else (MOVE, GROUP)))
        products_of(ctx).take(ONE, DELETED if is_deleted else GROUP)
        raise ItemError(FailureKind.SITE_ERROR, "확인되지 않음")

    await work_through(await job.attempt(), fail_first)

    assert touched == keys(range(4))


async def test_what_is_owed_beyond_an_empty_list_ends_the_job_well() -> None:
    job = account(FakeList(1), quantity=1)
    await left_in_flight(job, ONE, **{MOVE: GROUP})
    job.products.take(ONE, GROUP)
    await job.start()

    reason = await work_through(await job.attempt(), Work())

    assert reason is StopReason.QUANTITY_REACHED
    assert await total(job) == Totals(requested=1, done=1, failed=0, skipped=0, unknown=0)


@pytest.mark.parametrize("quantity", [1, 2, 5])
async def test_a_start_after_the_end_finds_nothing_to_do(quantity: int) -> None:
    job = account(FakeList(5), quantity=quantity)
    await resumed(job)
    assert (await resumed(job)).touched == []
    assert job.outcomes() == ["done"] * quantity


async def total(job: Account1) -> Totals:
    """The ledger's own count; it raises where more items stand than were requested."""
    items = (await read_job(job.ledger, ACCOUNT)).items
    return Totals.of_items(job.quantity, [item.result for item in items if item.result])
