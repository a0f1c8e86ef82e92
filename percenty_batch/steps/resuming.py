"""An item that was begun earlier: what became of it?"""

from collections.abc import Callable, Coroutine
from typing import Any

from percenty_batch.errors import FailureKind
from percenty_batch.models import ItemOutcome, ItemResult
from percenty_batch.percenty import ListedProduct
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.moving import MOVE, find, find_in_group
from percenty_batch.steps.telling import tell

DELETE = "delete"
DELETED = "삭제"
NO_IMAGES = "상세페이지 이미지가 0개여서 상품을 삭제함"


LookUp = Callable[[StepContext, str], Coroutine[Any, Any, ListedProduct | ItemResult]]


async def settle_owed(
    ctx: StepContext, next_owed: Callable[[], str | None], look_up: LookUp
) -> ListedProduct | None:
    """Look up what earlier attempts and starts left open, until one is still to be worked on.

    It is then continued from where it stands. The outcome of every other one is recorded; an
    item that failed and cannot be found keeps its failure.
    """
    while (key := next_owed()) is not None:
        fate = await look_up(ctx, key)
        if isinstance(fate, ListedProduct):
            return fate
        before = ctx.book.result(key)
        if fate.outcome is ItemOutcome.UNKNOWN and before is not None:
            ctx.book.forgive(key)
            continue
        await ctx.book.record(fate)
        tell(ctx.log, fate, ctx.book, ctx.unit)
    return None


async def look_up(ctx: StepContext, key: str) -> ListedProduct | ItemResult:
    """Find out on the site, by the row key, what became of a product.

    In the group that it was being moved to: done, whatever a stale list says.
    Still in the list that it came from: its row. Gone while it was being deleted: deleted.
    In no place: unknown.
    The list is left in any view.
    """
    edits = await ctx.edits(key)
    target = edits.intended(MOVE)
    if isinstance(target, str) and (moved := await find_in_group(ctx, key, target)):
        return ItemResult(key=key, outcome=ItemOutcome.DONE, moved_to=moved.group)
    if (row := await find(ctx, key)) is not None:
        return row
    if edits.intended(DELETE):
        return ItemResult(
            key=key,
            outcome=ItemOutcome.FAILED,
            reason=NO_IMAGES,
            kind=FailureKind.DATA,
            moved_to=DELETED,
        )
    return ItemResult(
        key=key,
        outcome=ItemOutcome.UNKNOWN,
        reason="작업이 끊긴 상품을 목록에서 찾을 수 없습니다",
        kind=FailureKind.UNKNOWN,
    )
