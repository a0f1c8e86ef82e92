"""A product whose work was cut off by the end of an attempt: what became of it?"""

from percenty_batch.errors import FailureKind
from percenty_batch.models import ItemOutcome, ItemResult
from percenty_batch.percenty import ListedProduct
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.moving import find, find_in_group
from percenty_batch.steps.telling import tell


async def resume_in_flight(ctx: StepContext) -> ListedProduct | None:
    """Look the product up on the site, by its row key.

    Still ungrouped: it is returned, to be continued from where it stands. Already in the group
    that it was being moved to: it is done. In neither place: unknown.
    """
    key = ctx.book.in_flight
    if key is None:
        return None
    if (row := await find(ctx, key)) is not None:
        return row
    target = ctx.memory.notes(key).moving_to
    moved = await find_in_group(ctx, key, target) if target else None
    if moved is None:
        item = ItemResult(
            key=key,
            outcome=ItemOutcome.UNKNOWN,
            reason="작업이 끊긴 상품을 목록에서 찾을 수 없습니다",
            kind=FailureKind.UNKNOWN,
        )
    else:
        item = ItemResult(key=key, outcome=ItemOutcome.DONE, moved_to=moved.group)
    ctx.book.record(item)
    tell(ctx.log, item, ctx.book)
    return None
