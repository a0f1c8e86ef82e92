"""Products of several keywords: each keyword is a list of its own."""

from types import SimpleNamespace
from typing import cast

import pytest

from percenty_batch.errors import FailureKind, GaveUpError, ItemError, SignedOutError
from percenty_batch.models import ItemOutcome, StopReason
from percenty_batch.percenty import ListedProduct, PercentySite, ProductPage
from percenty_batch.settings import JobSettings, StepSettings
from percenty_batch.steps import StepContext, Ungrouped
from percenty_batch.steps.budgets import image_budget
from percenty_batch.steps.keyword_loop import work_keywords
from percenty_batch.steps.product_loop import Worked
from tests.unit.steps.fakes import Account1, FakeList, keys, listed

GROUP = "대기1"
BROKEN = ItemError(FailureKind.DATA, "이미지를 읽을 수 없습니다")


class Keyword(Ungrouped):
    """The products `numbers`, as the list that a keyword finds."""

    def __init__(self, name: str, numbers: range) -> None:
        self.list = FakeList(0)
        self.list.rows = {product.key: product for product in map(listed, numbers)}
        super().__init__(cast("PercentySite", SimpleNamespace(products=self.list)))
        self.name = name


class Work:
    """Moves products; those of `failing` fail, and at `breaking` the attempt ends once."""

    def __init__(self, *, failing: range = range(0), breaking: str | None = None) -> None:
        self.touched: list[str] = []
        self._failing = keys(failing)
        self._breaking = breaking

    async def __call__(self, ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
        assert page.row(product.key) == product
        assert isinstance(ctx.source, Keyword)
        self.touched.append(product.key)
        if product.key == self._breaking:
            self._breaking = None
            raise SignedOutError
        if product.key in self._failing:
            raise BROKEN
        ctx.source.list.take(product.key, GROUP)
        return Worked(page=ctx.source.list.page(), moved_to=GROUP)


def job(*, quantity: int = 100, failures: int = 99, **rules: object) -> Account1:
    return Account1(
        products=FakeList(0),
        quantity=quantity,
        limits=JobSettings(max_consecutive_failures=failures),
        rules=StepSettings.model_validate({"products_per_keyword": 3, **rules}),
    )


async def worked(account: Account1, *sources: Keyword, work: Work | None = None) -> Work:
    work = work or Work()
    await work_keywords(await account.attempt(), sources, work)
    return work


async def test_keywords_are_worked_in_their_order_each_up_to_its_cap() -> None:
    account = job()
    one, two, none = Keyword("H16", range(5)), Keyword("G03", range(10, 12)), Keyword("X", range(0))

    reason = await work_keywords(await account.attempt(), [one, none, two], work := Work())

    assert work.touched == keys([0, 1, 2, 10, 11])
    assert reason is StopReason.BUDGET_REACHED
    lines = account.log.lines("info")
    assert "키워드 H16 일부 처리 - 남은 상품 2개 (이번에 3개)" in lines
    assert "키워드 G03 완료 (이번에 2개)" in lines
    assert "키워드 X 완료 (이번에 0개)" in lines


async def test_keywords_without_a_product_left_are_an_empty_source() -> None:
    ctx = await job().attempt()
    assert await work_keywords(ctx, [Keyword("H16", range(3))], Work()) is StopReason.SOURCE_EMPTY


async def test_the_quantity_counts_over_all_keywords() -> None:
    account = job(quantity=4)
    ctx, work = await account.attempt(), Work()
    sources = [Keyword("H16", range(5)), Keyword("G03", range(10, 15)), Keyword("X", range(20, 25))]

    assert await work_keywords(ctx, sources, work) is StopReason.QUANTITY_REACHED
    assert work.touched == keys([0, 1, 2, 10])


async def test_in_rounds_the_quantity_is_the_target() -> None:
    account = job(quantity=8, keyword_order="round_robin")
    sources = [Keyword("H16", range(9)), Keyword("G03", range(10, 11))]
    ctx, work = await account.attempt(), Work()

    assert await work_keywords(ctx, sources, work) is StopReason.QUANTITY_REACHED
    assert work.touched == keys([0, 1, 2, 10, 3, 4, 5, 6])


@pytest.mark.parametrize(
    ("most_rounds", "count", "reason"),
    [(2, 6, StopReason.BUDGET_REACHED), (9, 7, StopReason.SOURCE_EMPTY)],
)
async def test_rounds_end_at_their_limit_or_when_nothing_is_left(
    most_rounds: int, count: int, reason: StopReason
) -> None:
    account = job(keyword_order="round_robin", max_rounds=most_rounds)
    ctx, work = await account.attempt(), Work()

    assert await work_keywords(ctx, [Keyword("H16", range(7))], work) is reason
    assert len(work.touched) == count


async def test_a_round_passes_over_what_failed_in_an_earlier_one() -> None:
    account = job(keyword_order="round_robin")
    source = Keyword("H16", range(5))

    work = await worked(account, source, work=Work(failing=range(2)))

    assert work.touched == keys(range(5))
    assert list(source.list.rows) == keys(range(2))


async def test_a_day_has_only_so_many_products_over_all_runs() -> None:
    account = job(products_per_day=4)
    sources = [Keyword("H16", range(3)), Keyword("G03", range(10, 13))]
    ctx, work = await account.attempt(), Work()

    assert await work_keywords(ctx, sources, work) is StopReason.BUDGET_REACHED
    assert work.touched == keys([0, 1, 2, 10])
    assert await work_keywords(await account.attempt(), sources, work) is StopReason.BUDGET_REACHED
    assert len(work.touched) == 4


async def test_no_product_is_begun_without_an_image_left() -> None:
    account = job(images_per_run=2)
    ctx, work = await account.attempt(), Work()
    await image_budget(ctx).spend("x", 2)

    assert await work_keywords(ctx, [Keyword("H16", range(3))], work) is StopReason.BUDGET_REACHED
    assert work.touched == []


async def test_a_product_that_needs_more_images_than_are_left_is_skipped_and_the_last() -> None:
    account = job(images_per_run=2, failures=1)
    ctx = await account.attempt()
    budget = image_budget(ctx)

    async def work(_ctx: StepContext, product: ListedProduct, _page: ProductPage) -> Worked:
        await (await ctx.edits(product.key)).intend("image_translate", "…")
        await budget.require(3)
        raise AssertionError("nothing is begun without it")

    reason = await work_keywords(ctx, [Keyword("H16", range(3))], work, images=budget)

    (item,) = ctx.book.items
    assert (reason, item.outcome) == (StopReason.BUDGET_REACHED, ItemOutcome.SKIPPED)
    assert "다음 실행에서 이어서" in (item.reason or "")
    assert (await ctx.edits(item.key)).intended("image_translate") == "…"


async def test_a_product_in_flight_comes_first_and_from_its_own_list() -> None:
    account = job()
    sources = [Keyword("H16", range(3)), Keyword("G03", range(10, 13))]
    work = Work(breaking=keys([11])[0])
    with pytest.raises(SignedOutError):
        await worked(account, *sources, work=work)

    sources[0].list.rows |= {product.key: product for product in map(listed, [5])}
    await worked(account, *sources, work=work)

    assert work.touched == keys([0, 1, 2, 10, 11, 11, 5, 12])
    assert account.outcomes() == ["done"] * 7


async def test_a_product_in_flight_whose_keyword_is_gone_is_looked_for_in_its_group() -> None:
    account = job()
    lost, other = Keyword("G03", range(10, 11)), Keyword("H16", range(1))
    ctx = await account.attempt()
    await (await ctx.edits(keys([10])[0])).intend("source", "G03")
    await (await ctx.edits(keys([10])[0])).intend("move", GROUP)
    await ctx.book.begin(keys([10])[0])
    lost.list.take(keys([10])[0], GROUP)
    other.list.groups = lost.list.groups

    await worked(account, other)

    assert [(item.key, item.outcome) for item in account.book.items] == [
        (keys([10])[0], ItemOutcome.DONE),
        (keys([0])[0], ItemOutcome.DONE),
    ]


async def test_failures_in_a_row_count_over_the_keywords() -> None:
    account = job(failures=4)
    sources = [Keyword("H16", range(3)), Keyword("G03", range(3, 6))]

    with pytest.raises(GaveUpError, match="상품 4개가 연속으로 실패"):
        await worked(account, *sources, work=Work(failing=range(6)))


async def test_the_lists_counts_are_no_single_lists_counts() -> None:
    account = job()
    await worked(account, Keyword("H16", range(3)), Keyword("G03", range(10, 13)))
    assert (account.book.source_before, account.book.source_after) == (None, None)


async def test_a_wish_to_stop_ends_the_keywords() -> None:
    account = job()
    account.should_stop.set()
    ctx, work = await account.attempt(), Work()
    assert await work_keywords(ctx, [Keyword("H16", range(3))], work) is StopReason.CANCELLED
    assert work.touched == []
