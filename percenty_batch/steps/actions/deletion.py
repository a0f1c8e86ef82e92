"""The deletion of a product, which cannot be taken back."""

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.models import ItemOutcome
from percenty_batch.percenty import DetailTab, NameTab
from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct, changed
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.moving import find, gone
from percenty_batch.steps.product_loop import Worked
from percenty_batch.steps.resuming import DELETE, DELETED, NO_IMAGES

_ZERO_AFTER_S = 6.0


async def delete_without_images(ctx: StepContext, work: OpenProduct, _args: None) -> Effect:
    """Delete a product whose images were counted as none; it counts as failed (step 1.3)."""
    if work.facts.images != 0:
        if work.edits.intended(DELETE):  # an earlier attempt saw none, and did not delete it
            await work.edits.intend(DELETE, False)
        return NOTHING_TO_DO
    await _confirm_no_images(ctx, work)
    await work.edits.intend(DELETE, True)
    await work.drawer.delete_product()
    after = await gone(ctx, work.product.key, work.page)
    end = Worked(outcome=ItemOutcome.FAILED, page=after, moved_to=DELETED, reason=NO_IMAGES)
    return changed("삭제함", end=end)


async def _confirm_no_images(ctx: StepContext, work: OpenProduct) -> None:
    """Count a second time on the page loaded anew, with the drawer opened again.

    A page that is late shows no images either.
    """
    await ctx.site.start_over()
    await ctx.source.open()
    listed = await find(ctx, work.product.key)
    if listed is None:
        raise ItemError(FailureKind.PAGE_CHANGED, "이미지가 없는 상품이 목록에서 사라졌습니다")
    work.drawer = await ctx.source.open_drawer(listed)
    await NameTab(work.drawer).expect(listed.name)
    detail = DetailTab(work.drawer)
    await detail.open()
    images = await detail.bulk_images()
    count = await images.count(zero_after_s=_ZERO_AFTER_S)
    await images.close()
    if count:
        raise ItemError(FailureKind.PAGE_CHANGED, f"이미지 개수가 0개였다가 {count}개로 읽혔습니다")
