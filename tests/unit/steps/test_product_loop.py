import asyncio
from collections.abc import Awaitable, Callable

import pytest

from percenty_batch.errors import (
    FailureKind,
    GaveUpError,
    ItemError,
    LeaseLostError,
    LedgerError,
    PercentyBatchError,
    SignedOutError,
    WorkError,
)
from percenty_batch.ledger import Json
from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.settings import JobSettings
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.moving import MOVE
from percenty_batch.steps.product_loop import Worked, work_through
from percenty_batch.steps.resuming import DELETE
from tests.unit.jobs.builders import product_key
from tests.unit.steps.fakes import Account1, FakeList, FakeSite, keys, listed

GROUP = "신규수집"
BROKEN = ItemError(FailureKind.DATA, "이미지를 읽을 수 없습니다")
CRASHED = WorkError(FailureKind.BROWSER_CRASHED, "브라우저가 닫혔습니다")
Deed = Callable[[StepContext, ListedProduct], Awaitable[None]]


class Work:
    """Moves products; for the given numbers, something else happens first (once for each deed)."""

    def __init__(self, deeds: dict[int, Deed | Exception] | None = None) -> None:
        self._deeds = {product_key(number): deed for number, deed in (deeds or {}).items()}
        self.touched: list[str] = []

    async def __call__(self, ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
        assert page.row(product.key) == product
        self.touched.append(product.key)
        match self._deeds.pop(product.key, None):
            case Exception() as error:
                raise error
            case None:
                pass
            case deed:
                await deed(ctx, product)
        products = list_of(ctx)
        products.take(product.key, GROUP)
        return Worked(outcome=ItemOutcome.DONE, page=products.page(), moved_to=GROUP)


def site_of(ctx: StepContext) -> FakeSite:
    assert isinstance(ctx.site, FakeSite)
    return ctx.site


def list_of(ctx: StepContext) -> FakeList:
    return site_of(ctx).products


async def note(ctx: StepContext, product: ListedProduct, action: str, intended: Json) -> None:
    await (await ctx.edits(product.key)).intend(action, intended)


async def hang(_ctx: StepContext, _product: ListedProduct) -> None:
    await asyncio.sleep(1e6)


async def sign_out(ctx: StepContext, product: ListedProduct) -> None:
    site_of(ctx).sign_out()
    await hang(ctx, product)


async def move_and_sign_out(ctx: StepContext, product: ListedProduct) -> None:
    list_of(ctx).take(product.key, GROUP)
    await sign_out(ctx, product)


@pytest.mark.parametrize(
    ("listed", "quantity", "worked", "reason"),
    [
        (5, 3, 3, StopReason.QUANTITY_REACHED),
        (3, 3, 3, StopReason.QUANTITY_REACHED),
        (3, 5, 3, StopReason.SOURCE_EMPTY),
        (0, 5, 0, StopReason.SOURCE_EMPTY),
    ],
)
async def test_it_works_up_to_the_quantity_or_the_end_of_the_list(
    listed: int, quantity: int, worked: int, reason: StopReason
) -> None:
    job, work = Account1(products=FakeList(listed), quantity=quantity), Work()

    assert await work_through(await job.attempt(), work) is reason
    assert work.touched == keys(range(worked))
    assert job.outcomes() == ["done"] * worked
    assert [index for index, _ in job.told] == list(range(1, worked + 1))
    assert (job.book.source_before, job.book.source_after) == (listed, listed - worked)


async def test_a_failed_product_is_not_tried_again_and_the_others_go_on() -> None:
    job, work = Account1(products=FakeList(3)), Work({0: BROKEN})
    ctx = await job.attempt()

    assert await work_through(ctx, work) is StopReason.SOURCE_EMPTY
    assert work.touched == keys(range(3))
    assert job.outcomes() == ["failed", "done", "done"]
    failed = job.book.items[0]
    assert (failed.key, failed.kind, failed.reason) == (product_key(0), BROKEN.kind, str(BROKEN))
    assert site_of(ctx).loads == 1  # nobody knows what a failure left open
    assert any(str(BROKEN) in line for line in job.log.lines("error"))


async def test_a_failure_is_kept_with_its_evidence_and_a_success_needs_none() -> None:
    job = Account1(products=FakeList(2))

    await work_through(await job.attempt(), Work({0: BROKEN}))

    assert job.evidence.taken == [product_key(0)]
    assert job.evidence.forgotten == 1
    assert [item.evidence for item in job.book.items] == [
        (f"evidence/{product_key(0)}.png",),
        (),
    ]


async def test_a_failed_product_counts_towards_the_quantity() -> None:
    job, work = Account1(products=FakeList(3), quantity=2), Work({0: BROKEN})

    assert await work_through(await job.attempt(), work) is StopReason.QUANTITY_REACHED
    assert job.outcomes() == ["failed", "done"]


async def test_pages_full_of_failed_products_are_turned() -> None:
    products = FakeList(6, page_size=2)
    job, work = Account1(products=products), Work(dict.fromkeys(range(4), BROKEN))

    assert await work_through(await job.attempt(), work) is StopReason.SOURCE_EMPTY
    assert job.outcomes() == ["failed"] * 4 + ["done"] * 2
    assert list(products.rows) == keys(range(4))


async def test_a_row_of_failures_stops_the_account() -> None:
    limits = JobSettings(max_consecutive_failures=2)
    job = Account1(products=FakeList(9), limits=limits)

    with pytest.raises(GaveUpError, match="상품 2개가 연속으로 실패") as caught:
        await work_through(await job.attempt(), Work(dict.fromkeys((0, 2, 3), BROKEN)))
    assert caught.value.kind is BROKEN.kind
    assert job.outcomes() == ["failed", "done", "failed", "failed"]


async def test_products_that_are_deleted_as_planned_are_no_row_of_failures() -> None:
    async def delete(ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
        list_of(ctx).take(product.key, "삭제")
        return Worked(outcome=ItemOutcome.FAILED, page=list_of(ctx).page(), moved_to="삭제")

    job = Account1(products=FakeList(3), limits=JobSettings(max_consecutive_failures=2))

    assert await work_through(await job.attempt(), delete) is StopReason.SOURCE_EMPTY
    assert job.outcomes() == ["failed"] * 3


async def test_failures_up_to_the_quantity_are_no_reason_to_give_up() -> None:
    limits = JobSettings(max_consecutive_failures=2)
    job = Account1(products=FakeList(9), limits=limits, quantity=2)
    work = Work(dict.fromkeys((0, 1), BROKEN))

    assert await work_through(await job.attempt(), work) is StopReason.QUANTITY_REACHED


async def test_an_item_without_end_is_left_after_its_time() -> None:
    job = Account1(products=FakeList(2), limits=JobSettings(item_timeout_s=60))

    assert await work_through(await job.attempt(), Work({0: hang})) is StopReason.SOURCE_EMPTY
    assert job.outcomes() == ["failed", "done"]
    late = job.book.items[0]
    assert (late.kind, late.reason) == (
        FailureKind.TIMEOUT,
        "상품 하나의 제한 시간(60초)을 넘었습니다",
    )
    assert asyncio.get_running_loop().time() == pytest.approx(60)


async def test_an_effect_that_nobody_saw_is_unknown() -> None:
    unseen = ItemError(FailureKind.SITE_ERROR, "확인되지 않음", effect_unknown=True)
    job = Account1(products=FakeList(2))

    await work_through(await job.attempt(), Work({0: unseen}))

    assert job.outcomes() == ["unknown", "done"]


@pytest.mark.parametrize(("has_moved", "outcome"), [(True, "done"), (False, "failed")])
async def test_a_move_that_is_cut_off_by_the_time_limit_is_looked_up(
    has_moved: bool, outcome: str
) -> None:
    async def hang_in_the_move(ctx: StepContext, product: ListedProduct) -> None:
        await note(ctx, product, MOVE, GROUP)
        if has_moved:
            list_of(ctx).take(product.key, GROUP)
        await hang(ctx, product)

    job = Account1(products=FakeList(2), limits=JobSettings(item_timeout_s=60))

    await work_through(await job.attempt(), Work({0: hang_in_the_move}))

    assert job.outcomes() == [outcome, "done"]


FAILURES = (
    WorkError(FailureKind.TIMEOUT, "응답 없음"),
    ItemError(FailureKind.SITE_ERROR, "그룹 이동이 확인되지 않았습니다"),
    ItemError(FailureKind.SITE_ERROR, "확인되지 않음", effect_unknown=True),
)


def fails_in_the_move(failure: WorkError, *, went_to: str | None) -> Deed:
    async def deed(ctx: StepContext, product: ListedProduct) -> None:
        await note(ctx, product, MOVE, GROUP)
        if went_to:
            list_of(ctx).take(product.key, went_to)
        raise failure

    return deed


def fails_in_the_deletion(failure: WorkError, *, has_left: bool) -> Deed:
    async def deed(ctx: StepContext, product: ListedProduct) -> None:
        await note(ctx, product, DELETE, True)
        if has_left:
            list_of(ctx).take(product.key, "삭제")
        raise failure

    return deed


async def settled(deed: Deed) -> ItemResult:
    """Have the first of two products fail so; the second is worked on as if nothing was."""
    job, work = Account1(products=FakeList(2)), Work({0: deed})
    await work_through(await job.attempt(), work)
    assert work.touched == keys(range(2))
    first, second = job.book.items
    assert (first.key, second.outcome) == (product_key(0), ItemOutcome.DONE)
    return first


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failed_move_is_done_when_the_product_is_found_in_its_group(
    failure: WorkError,
) -> None:
    item = await settled(fails_in_the_move(failure, went_to=GROUP))
    assert (item.outcome, item.moved_to) == (ItemOutcome.DONE, GROUP)
    assert (item.reason, item.kind) == (None, None)


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failed_move_is_failed_when_the_product_is_still_ungrouped(
    failure: WorkError,
) -> None:
    item = await settled(fails_in_the_move(failure, went_to=None))
    assert (item.outcome, item.moved_to) == (ItemOutcome.FAILED, None)
    assert (item.reason, item.kind) == (str(failure), failure.kind)


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failed_move_is_unknown_when_the_product_is_nowhere(failure: WorkError) -> None:
    item = await settled(fails_in_the_move(failure, went_to="다른 그룹"))
    assert (item.outcome, item.moved_to) == (ItemOutcome.UNKNOWN, None)


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failed_deletion_is_a_deletion_when_the_product_has_left(
    failure: WorkError,
) -> None:
    item = await settled(fails_in_the_deletion(failure, has_left=True))
    assert (item.outcome, item.moved_to) == (ItemOutcome.FAILED, "삭제")
    assert (item.reason, item.kind) == (
        "상세페이지 이미지가 0개여서 상품을 삭제함",
        FailureKind.DATA,
    )


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failed_deletion_is_none_while_the_product_is_listed(failure: WorkError) -> None:
    item = await settled(fails_in_the_deletion(failure, has_left=False))
    assert (item.outcome, item.moved_to) == (ItemOutcome.FAILED, None)
    assert (item.reason, item.kind) == (str(failure), failure.kind)


async def test_a_failed_move_is_looked_up_on_the_site_loaded_anew() -> None:
    job = Account1(products=FakeList(2))
    ctx = await job.attempt()
    await work_through(ctx, Work({0: fails_in_the_move(FAILURES[0], went_to=GROUP)}))
    assert site_of(ctx).loads == 1


async def test_a_move_that_cannot_be_looked_up_is_left_to_the_next_attempt() -> None:
    async def fail_with_the_site(ctx: StepContext, product: ListedProduct) -> None:
        list_of(ctx).failing = 1
        await fails_in_the_move(FAILURES[0], went_to=GROUP)(ctx, product)

    job, work = Account1(products=FakeList(2)), Work({0: fail_with_the_site})

    with pytest.raises(WorkError, match="사이트 오류"):
        await work_through(await job.attempt(), work)
    assert (job.outcomes(), job.book.owed) == ([], product_key(0))

    await work_through(await job.attempt(), work)
    assert job.outcomes() == ["done", "done"]
    assert work.touched == keys(range(2))


async def test_a_list_after_a_failed_call_is_no_empty_source() -> None:
    products = FakeList(0)
    products.failing = 1
    job = Account1(products=products)

    with pytest.raises(WorkError, match="사이트 오류"):
        await work_through(await job.attempt(), Work())
    assert job.book.source_before is None

    assert await work_through(await job.attempt(), Work()) is StopReason.SOURCE_EMPTY


async def test_a_deletion_counts_as_failed_and_needs_no_new_page() -> None:
    async def delete(ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
        list_of(ctx).take(product.key, "삭제")
        return Worked(outcome=ItemOutcome.FAILED, page=list_of(ctx).page(), reason="이미지 0개")

    job = Account1(products=FakeList(1))
    ctx = await job.attempt()

    assert await work_through(ctx, delete) is StopReason.SOURCE_EMPTY
    (item,) = job.book.items
    assert (item.outcome, item.kind, item.reason) == ("failed", FailureKind.DATA, "이미지 0개")
    assert site_of(ctx).loads == 0


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        (sign_out, SignedOutError),
        (CRASHED, WorkError),
        (LeaseLostError(), LeaseLostError),
        (LedgerError("디스크가 가득 찼습니다"), LedgerError),
    ],
)
async def test_what_ends_the_attempt_leaves_its_item_to_the_next_one(
    deed: Deed | Exception, error: type[PercentyBatchError]
) -> None:
    job, work = Account1(products=FakeList(3), quantity=2), Work({1: deed})

    with pytest.raises(error):
        await work_through(await job.attempt(), work)
    assert (job.outcomes(), job.evidence.taken) == (["done"], [])

    assert await work_through(await job.attempt(), work) is StopReason.QUANTITY_REACHED
    assert work.touched == keys([0, 1, 1])
    assert job.outcomes() == ["done", "done"]


async def test_the_item_in_flight_comes_first_wherever_it_stands() -> None:
    products = FakeList(6, page_size=2)
    job, work = Account1(products=products, quantity=1), Work({0: sign_out})
    with pytest.raises(SignedOutError):
        await work_through(await job.attempt(), work)
    products.rows = dict(reversed(products.rows.items()))

    assert await work_through(await job.attempt(), work) is StopReason.QUANTITY_REACHED
    assert work.touched == keys([0, 0])


@pytest.mark.parametrize(("target", "outcome"), [(GROUP, "done"), (None, "unknown")])
async def test_an_item_in_flight_that_has_left_the_list_is_looked_up_in_its_group(
    target: str | None, outcome: str
) -> None:
    products = FakeList(4)
    job, work = Account1(products=products, quantity=2), Work({0: move_and_sign_out})
    with pytest.raises(SignedOutError):
        await work_through(await job.attempt(), work)
    if target:
        await note(await job.attempt(), listed(0), MOVE, target)

    assert await work_through(await job.attempt(), work) is StopReason.QUANTITY_REACHED
    assert work.touched == keys([0, 1])
    assert job.outcomes() == [outcome, "done"]
    assert job.book.items[0].moved_to == target
    assert [item for _, item in job.told] == list(job.book.items)
    told = job.log.lines("info" if target else "error")
    assert any(line.startswith(f"상품 1/2 ({product_key(0)})") for line in told)


async def test_a_wish_to_stop_lets_the_item_end_and_begins_no_other() -> None:
    async def ask_to_stop(ctx: StepContext, _product: ListedProduct) -> None:
        ctx.should_stop.set()

    job, work = Account1(products=FakeList(5)), Work({1: ask_to_stop})

    assert await work_through(await job.attempt(), work) is StopReason.CANCELLED
    assert job.outcomes() == ["done", "done"]


async def test_a_cancellation_leaves_the_item_in_flight() -> None:
    job = Account1(products=FakeList(2))
    task = asyncio.create_task(work_through(await job.attempt(), Work({0: hang})))
    await asyncio.sleep(1)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert (job.outcomes(), job.book.owed) == ([], product_key(0))
