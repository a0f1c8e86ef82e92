"""Saving the product and leaving its drawer."""

from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct, failed
from percenty_batch.steps.context import StepContext


async def save_and_close(_ctx: StepContext, work: OpenProduct, _args: None) -> Effect:
    """Click 저장하기 and close; no other action on the product can follow."""
    mark = work.drawer.traffic.mark()
    await work.drawer.save()
    if await work.drawer.close():
        await work.saved()
        return NOTHING_TO_DO
    await work.drawer.accept_name_refusal(mark)
    return failed("같은 상품명이 이미 있어 저장되지 않았습니다")
