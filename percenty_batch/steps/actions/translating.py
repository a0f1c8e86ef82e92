"""Translating images in the image editor: each one's end is waited for, all are saved at once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from percenty_batch.accounts import AllImages, ChineseImages, ImagesAt, Translation
from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty import (
    BulkImages,
    DetailTab,
    ImageEditor,
    OptionImages,
    ThumbnailsTab,
)
from percenty_batch.steps import ocr
from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct, changed
from percenty_batch.steps.actions.image_plans import TranslationPlan, translated_of
from percenty_batch.steps.budgets import Budget
from percenty_batch.steps.context import StepContext

DETAIL, THUMBNAILS, OPTIONS = "image_translate", "thumbnail_translate", "optionimage_translate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translating:
    """What a translation is to be, against which budget."""

    given: Translation
    budget: Budget


class _Area(Protocol):
    async def sources(self) -> tuple[str, ...]: ...

    async def edit(self, position: int) -> ImageEditor: ...


async def translate_detail_images(ctx: StepContext, work: OpenProduct, args: Translating) -> Effect:
    """Translate images of the detail page."""
    if work.edits.is_done(DETAIL):
        return NOTHING_TO_DO
    detail = DetailTab(work.drawer)
    await detail.open()
    bulk: BulkImages = await detail.bulk_images()
    effect = await _translate(ctx, work, DETAIL, args, bulk)
    await bulk.close()
    return effect


async def translate_thumbnails(ctx: StepContext, work: OpenProduct, args: Translating) -> Effect:
    """Translate thumbnails."""
    if work.edits.is_done(THUMBNAILS):
        return NOTHING_TO_DO
    tab = ThumbnailsTab(work.drawer)
    await tab.open()
    return await _translate(ctx, work, THUMBNAILS, args, tab)


async def translate_option_images(ctx: StepContext, work: OpenProduct, args: Translating) -> Effect:
    """Translate the images of options."""
    if work.edits.is_done(OPTIONS):
        return NOTHING_TO_DO
    images = OptionImages(work.drawer)
    await images.open()
    return await _translate(ctx, work, OPTIONS, args, images)


def positions(given: Translation, count: int) -> tuple[int, ...]:
    """Tell which of `count` images are meant, or (`special`) looked at."""
    match given:
        case AllImages():
            return tuple(range(1, count + 1))
        case ImagesAt():
            return tuple(at for at in given.positions if at <= count)
        case ChineseImages():
            return tuple(range(1, min(given.among, count) + 1))


async def _translate(
    ctx: StepContext, work: OpenProduct, action: str, args: Translating, area: _Area
) -> Effect:
    now = await area.sources()
    plan = translated_of(work.edits.intended(action))
    if plan is None:
        plan = TranslationPlan(before=now, positions=positions(args.given, len(now)))
    left = plan.left(now)
    if left is None:
        raise ItemError(
            FailureKind.DATA,
            f"{action}: 이미지 {len(now)}개가 작업 기록({len(plan.before)}개)과 다릅니다",
        )
    await args.budget.require(len(left))
    await work.edits.intend(action, plan.as_json())
    count = await _edit(ctx, work, action, args, area, left) if left else 0
    await work.confirm(action)
    return changed(f"이미지 {len(now)}개 중 {count}개") if count else NOTHING_TO_DO


async def _edit(
    ctx: StepContext,
    work: OpenProduct,
    action: str,
    args: Translating,
    area: _Area,
    left: tuple[int, ...],
) -> int:
    """Go through the images in the editor; returns how many were translated and saved."""
    editor = await area.edit(left[0])
    begun_at = datetime.now(UTC).isoformat()  # an image that is translated again costs again
    count = 0
    for position in left:
        await editor.go_to(position)
        is_looked_at = isinstance(args.given, ChineseImages)
        if is_looked_at and not await ocr.shows_chinese(await editor.picture()):
            continue
        await args.budget.spend(f"{work.product.key} {action} {position} {begun_at}")
        await editor.translate(limit_s=ctx.rules.image_timeout_s)
        ctx.goes_on()
        count += 1
    if count:
        await editor.save(limit_s=ctx.rules.image_timeout_s)
    await editor.close()
    return count
