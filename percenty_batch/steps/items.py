"""One item after the other, of any kind: claimed, worked under a time limit, recorded, told."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from percenty_batch.errors import (
    BudgetShortError,
    FailureKind,
    GaveUpError,
    ItemError,
    SignedOutError,
    WorkError,
)
from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.telling import tell

_ENDS_ATTEMPT = frozenset({FailureKind.BROWSER_CRASHED, FailureKind.IN_USE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWorked:
    """What the work on one item came to."""

    outcome: ItemOutcome = ItemOutcome.DONE
    moved_to: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class Tally:
    """How many products an item that is none has moved or uploaded so far, seen on the site.

    It counts whatever becomes of the item itself.
    """

    products: int = 0


W = TypeVar("W", bound=ItemWorked)
ItemWork = Callable[[Tally], Coroutine[Any, Any, ItemWorked]]


async def work_items(
    ctx: StepContext, works: Mapping[str, ItemWork], *, timeout_s: float | None = None
) -> StopReason:
    """Work keywords, market rows or the like, by their keys and in their order.

    What an earlier start left open is worked again in its place. `timeout_s` is for one item
    (None: the setting). Raises WorkError when the account cannot go on.
    """
    streak = Streak()
    for key, work in works.items():
        if (reason := reason_to_stop(ctx)) is not None:
            return reason
        if ctx.book.is_open(key):
            await work_item(ctx, key, work, streak, timeout_s=timeout_s)
    return reason_to_stop(ctx) or StopReason.SOURCE_EMPTY


async def work_item(
    ctx: StepContext,
    key: str,
    work: ItemWork,
    streak: "Streak",
    *,
    timeout_s: float | None = None,
) -> ItemResult:
    """Work one item that is no product to its outcome; after a failure the site is loaded anew."""
    tally = Tally()
    item, worked = await tried(ctx, key, lambda: work(tally), tally=tally, timeout_s=timeout_s)
    await ctx.book.record(item)
    tell(ctx.log, item, ctx.book, ctx.unit)
    streak.count(ctx, item, has_failed=worked is None)
    if worked is None:
        await ctx.site.start_over()
    return item


def reason_to_stop(ctx: StepContext) -> StopReason | None:
    """Tell why no further item is to be begun."""
    if ctx.should_stop.is_set():
        return StopReason.CANCELLED
    if ctx.book.owed is None and not ctx.book.remaining:
        return StopReason.QUANTITY_REACHED
    return None


class Streak:
    """Failures in a row; too many of them say that the account, not the items, is at fault."""

    def __init__(self) -> None:
        self._failures = 0

    def count(self, ctx: StepContext, item: ItemResult, *, has_failed: bool) -> None:
        """Count an item's end. Raises GaveUpError when it is one failure too many."""
        if has_failed and item.outcome is ItemOutcome.SKIPPED:  # for want of a budget
            return
        self._failures = self._failures + 1 if has_failed else 0
        is_more = ctx.book.remaining or ctx.book.owed is not None
        if self._failures >= ctx.limits.max_consecutive_failures and is_more:
            raise GaveUpError(
                item.kind or FailureKind.UNKNOWN,
                f"{ctx.unit} {self._failures}개가 연속으로 실패하여 멈춥니다: {item.reason}",
            )


async def tried(
    ctx: StepContext,
    key: str,
    work: Callable[[], Coroutine[Any, Any, W]],
    *,
    tally: Tally | None = None,
    timeout_s: float | None = None,
) -> tuple[ItemResult, W | None]:
    """Claim an item and try its work; the outcome is not yet recorded.

    None beside it: the work failed, and nobody knows what it left open. What ends the attempt is
    raised; the item then stays in flight.
    """
    started = time.monotonic()
    limit_s = timeout_s or ctx.limits.item_timeout_s
    await ctx.book.begin(key)
    try:
        async with asyncio.timeout(limit_s):
            worked = await ctx.site.fenced(work(), name=f"item {key}")
    except SignedOutError:
        raise
    except TimeoutError:
        text = f"{ctx.unit} 하나의 제한 시간({limit_s:g}초)을 넘었습니다"
        failure: WorkError = ItemError(FailureKind.TIMEOUT, text)
    except WorkError as error:
        if error.kind in _ENDS_ATTEMPT:
            raise
        failure = error
    else:
        await ctx.evidence.forget()
        return _ended(key, worked, tally, time.monotonic() - started), worked
    item = ItemResult(
        key=key,
        outcome=_outcome(failure),
        reason=str(failure),
        kind=failure.kind,
        duration_s=time.monotonic() - started,
        evidence=() if isinstance(failure, BudgetShortError) else await ctx.evidence.take(key),
        amount=None if tally is None else tally.products,
    )
    return item, None


def _outcome(failure: WorkError) -> ItemOutcome:
    if isinstance(failure, BudgetShortError):
        return ItemOutcome.SKIPPED
    return ItemOutcome.UNKNOWN if failure.effect_unknown else ItemOutcome.FAILED


def _ended(key: str, worked: ItemWorked, tally: Tally | None, duration_s: float) -> ItemResult:
    return ItemResult(
        key=key,
        outcome=worked.outcome,
        reason=worked.reason,
        kind=FailureKind.DATA if worked.outcome is ItemOutcome.FAILED else None,
        moved_to=worked.moved_to,
        duration_s=duration_s,
        amount=None if tally is None else tally.products,
    )
