"""Copying option images to the thumbnails: so many, in turn where there are fewer."""

from percenty_batch.accounts import Copies
from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.ledger import Json
from percenty_batch.percenty import OptionImages, ThumbnailsTab
from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct, changed
from percenty_batch.steps.actions.image_plans import copies_left, cycled
from percenty_batch.steps.context import StepContext

COPY = "option_image_copy"


async def copy_option_images(_ctx: StepContext, work: OpenProduct, copies: Copies) -> Effect:
    """Copy the first option images to the thumbnails, and see the thumbnails grow by as many."""
    if work.edits.is_done(COPY):
        return NOTHING_TO_DO
    thumbnails, options = ThumbnailsTab(work.drawer), OptionImages(work.drawer)
    now = len(await thumbnails.open())
    images = await options.open()
    if not images:
        return NOTHING_TO_DO
    before, wanted = _plan(work.edits.intended(COPY)) or (now, copies.count)
    await work.edits.intend(COPY, {"before": before, "wanted": wanted})
    left = copies_left(before, wanted, now)
    if left is None:
        raise ItemError(
            FailureKind.DATA,
            f"{COPY}: 썸네일 {now}개가 작업 기록({before}개)과 달라 이어서 복사할 수 없습니다",
        )
    for number in range(wanted - left, wanted):
        await options.copy_to_thumbnails(cycled(len(images), number))
    shown = len(await thumbnails.open())
    if shown != before + wanted:
        raise ItemError(
            FailureKind.SITE_ERROR,
            f"{COPY}: 썸네일이 {before + wanted}개가 아니라 {shown}개입니다",
        )
    await work.confirm(COPY)
    return changed(f"옵션 이미지 {wanted}개를 썸네일로 복사")


def _plan(intended: Json) -> tuple[int, int] | None:
    match intended:
        case {"before": int(before), "wanted": int(wanted)}:
            return before, wanted
    return None
