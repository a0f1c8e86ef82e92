"""Deleting images by position: against the first count, from the highest down, each one seen."""

from collections.abc import Awaitable, Callable

from percenty_batch.accounts import Removal
from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty import BulkImages, DetailTab, ThumbnailsTab
from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct, changed
from percenty_batch.steps.actions.image_plans import Deletion, deletion_of
from percenty_batch.steps.context import StepContext

IMAGES, THUMBNAILS = "image_delete", "thumbnail_delete"

Sources = Callable[[], Awaitable[tuple[str, ...]]]
Delete = Callable[[int, int], Awaitable[None]]


async def delete_detail_images(_ctx: StepContext, work: OpenProduct, removal: Removal) -> Effect:
    """Delete images of the detail page."""
    if work.edits.is_done(IMAGES):
        return NOTHING_TO_DO
    detail = DetailTab(work.drawer)
    await detail.open()
    bulk: BulkImages = await detail.bulk_images()
    effect = await _delete(work, IMAGES, removal, bulk.sources, bulk.delete)
    await bulk.close()
    return effect


async def delete_thumbnails(_ctx: StepContext, work: OpenProduct, removal: Removal) -> Effect:
    """Delete thumbnails."""
    if work.edits.is_done(THUMBNAILS):
        return NOTHING_TO_DO
    tab = ThumbnailsTab(work.drawer)
    await tab.open()

    async def delete(position: int, _count: int) -> None:
        await tab.delete(position)

    return await _delete(work, THUMBNAILS, removal, tab.sources, delete)


async def _delete(
    work: OpenProduct, action: str, removal: Removal, sources: Sources, delete: Delete
) -> Effect:
    now = await sources()
    plan = deletion_of(work.edits.intended(action))
    if plan is None:
        plan = Deletion(before=now, positions=removal.positions(len(now)))
        await work.edits.intend(action, plan.as_json())
    left = plan.left(now)
    if left is None:
        raise ItemError(
            FailureKind.DATA,
            f"{action}: 이미지 {len(now)}개가 작업 기록({len(plan.before)}개)과 다릅니다",
        )
    for gone, position in enumerate(left):
        await delete(position, len(now) - gone)
    if plan.left(await sources()) != ():
        raise ItemError(FailureKind.SITE_ERROR, f"{action}: 이미지 삭제가 확인되지 않았습니다")
    await work.confirm(action)
    if not plan.positions:
        return NOTHING_TO_DO
    return changed(f"이미지 {len(plan.positions)}개 삭제 ({len(plan.before)}개 중)")
