"""Work through the products of a list, one by one, each by its row key (percenty-steps §2.3)."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

from percenty_batch.errors import (
    FailureKind,
    GaveUpError,
    ItemError,
    SignedOutError,
    WorkError,
)
from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.moving import MOVE
from percenty_batch.steps.resuming import DELETE, look_up, settle_owed
from percenty_batch.steps.telling import tell

_ENDS_ATTEMPT = frozenset({FailureKind.BROWSER_CRASHED, FailureKind.IN_USE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What the work on one product came to, and the list as it stands after it."""

    outcome: ItemOutcome
    page: ProductPage
    moved_to: str | None = None
    reason: str | None = None


ProductWork = Callable[[StepContext, ListedProduct, ProductPage], Coroutine[Any, Any, Worked]]


async def work_through(ctx: StepContext, work: ProductWork) -> StopReason:
    """Work on ungrouped products until the quantity is reached or the list is empty.

    Raises WorkError when the account cannot go on.
    """
    page = await _open_list(ctx)
    count = min(page.total, ctx.book.remaining)
    ctx.log.info(f"비그룹상품 {page.total}개 확인 - 이번에 처리할 수량: {count}")
    failures = 0
    while (reason := _reason_to_stop(ctx)) is None:
        product, page = await _next(ctx, page)
        if product is None:
            break
        item, after = await _one(ctx, product, page, work)
        if after is None and await _may_have_left(ctx, item.key):
            item, after = await _settle(ctx, item)
        await ctx.book.record(item)
        tell(ctx.log, item, ctx.book)
        failures = failures + 1 if after is None else 0
        _check_streak(ctx, item, failures)
        page = await _recover(ctx) if after is None else after
        ctx.book.saw_source(page.total)
    return reason or _reason_at_the_end(ctx)


def _reason_to_stop(ctx: StepContext) -> StopReason | None:
    if ctx.should_stop.is_set():
        return StopReason.CANCELLED
    if ctx.book.owed is None and not ctx.book.remaining:
        return StopReason.QUANTITY_REACHED
    return None


def _reason_at_the_end(ctx: StepContext) -> StopReason:
    """Nothing is left to work on: the list is empty, or the last that was owed is settled."""
    return StopReason.SOURCE_EMPTY if ctx.book.remaining else StopReason.QUANTITY_REACHED


async def _next(ctx: StepContext, page: ProductPage) -> tuple[ListedProduct | None, ProductPage]:
    """What was begun earlier comes first; then the first product without an outcome."""
    if ctx.book.owed is not None:
        begun = await ctx.site.fenced(settle_owed(ctx), name="settle")
        if begun is not None:
            return begun, await _show_list(ctx)
        page = await _reread_list(ctx)
    return await _next_product(ctx, page) if ctx.book.remaining else (None, page)


def _check_streak(ctx: StepContext, item: ItemResult, failures: int) -> None:
    is_more = ctx.book.remaining or ctx.book.owed is not None
    if failures >= ctx.limits.max_consecutive_failures and is_more:
        raise GaveUpError(
            item.kind or FailureKind.UNKNOWN,
            f"상품 {failures}개가 연속으로 실패하여 멈춥니다: {item.reason}",
        )


async def _next_product(
    ctx: StepContext, page: ProductPage
) -> tuple[ListedProduct | None, ProductPage]:
    """The first product without an outcome, on this page or a later one."""
    while True:
        for row in page.rows:
            if not ctx.book.has(row.key):
                return row, page
        turned = await ctx.site.fenced(
            ctx.site.products.next_page(is_grouped=False), name="next page"
        )
        if turned is None:
            return None, page
        page = turned


async def _one(
    ctx: StepContext, product: ListedProduct, page: ProductPage, work: ProductWork
) -> tuple[ItemResult, ProductPage | None]:
    """Work on one product. What ends the attempt is raised; the product then stays in flight."""
    started = time.monotonic()
    await ctx.book.begin(product.key)
    try:
        async with asyncio.timeout(ctx.limits.item_timeout_s):
            worked = await ctx.site.fenced(work(ctx, product, page), name=f"item {product.key}")
    except SignedOutError:
        raise
    except TimeoutError:
        text = f"상품 하나의 제한 시간({ctx.limits.item_timeout_s:g}초)을 넘었습니다"
        failure: WorkError = ItemError(FailureKind.TIMEOUT, text)
    except WorkError as error:
        if error.kind in _ENDS_ATTEMPT:
            raise
        failure = error
    else:
        await ctx.evidence.forget()
        return _result(product, worked, time.monotonic() - started), worked.page
    item = ItemResult(
        key=product.key,
        outcome=ItemOutcome.UNKNOWN if failure.effect_unknown else ItemOutcome.FAILED,
        reason=str(failure),
        kind=failure.kind,
        duration_s=time.monotonic() - started,
        evidence=await ctx.evidence.take(product.key),
    )
    return item, None


async def _may_have_left(ctx: StepContext, key: str) -> bool:
    edits = await ctx.edits(key)
    return bool(edits.intended(MOVE) or edits.intended(DELETE))


async def _settle(ctx: StepContext, item: ItemResult) -> tuple[ItemResult, ProductPage | None]:
    """A failure at or after the move says nothing about the product: ask the site anew."""
    await _recover(ctx)
    fate = await ctx.site.fenced(look_up(ctx, item.key), name=f"look up {item.key}")
    if isinstance(fate, ListedProduct):
        return replace(item, outcome=ItemOutcome.FAILED), None
    if fate.outcome is ItemOutcome.UNKNOWN:
        return replace(item, outcome=ItemOutcome.UNKNOWN), None
    return replace(fate, duration_s=item.duration_s), await _reread_list(ctx)


def _result(product: ListedProduct, worked: Worked, duration_s: float) -> ItemResult:
    return ItemResult(
        key=product.key,
        outcome=worked.outcome,
        reason=worked.reason,
        kind=FailureKind.DATA if worked.outcome is ItemOutcome.FAILED else None,
        moved_to=worked.moved_to,
        duration_s=duration_s,
    )


async def _open_list(ctx: StepContext) -> ProductPage:
    page = await ctx.site.fenced(ctx.site.products.open(is_grouped=False), name="open list")
    ctx.book.saw_source(page.total)
    return page


async def _show_list(ctx: StepContext) -> ProductPage:
    """Read the list as it stands, in the view of ungrouped products."""
    work = ctx.site.products.show(is_grouped=False)
    return await ctx.site.fenced(work, name="show list")


async def _reread_list(ctx: StepContext) -> ProductPage:
    """Begin at the first page again: a look-up that found nothing has turned all of them."""
    work = ctx.site.products.refresh(is_grouped=False)
    return await ctx.site.fenced(work, name="reread list")


async def _recover(ctx: StepContext) -> ProductPage:
    """After a failure nobody knows what is open: load the site anew."""
    await ctx.site.start_over()
    return await _open_list(ctx)
