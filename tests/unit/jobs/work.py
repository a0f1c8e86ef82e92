"""Work that a step does in tests which are about what happens around it."""

import asyncio

from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.steps import StepContext
from tests.unit.jobs.builders import product_key

ITEM_S = 10.0


async def finish_all(ctx: StepContext) -> StopReason:
    """Finish one item after the other, as many as are wanted, unless a stop is asked for."""
    while ctx.book.remaining:
        if ctx.should_stop.is_set():
            return StopReason.CANCELLED
        key = product_key(len(ctx.book.items))
        await ctx.book.begin(key)
        await asyncio.sleep(ITEM_S)
        ctx.log.info(f"{key} 처리 완료")
        await ctx.book.record(ItemResult(key=key, outcome=ItemOutcome.DONE, moved_to="신규수집"))
    return StopReason.QUANTITY_REACHED
