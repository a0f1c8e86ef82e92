"""The images of the detail page."""

from percenty_batch.percenty import DetailTab
from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct, changed
from percenty_batch.steps.context import StepContext


async def keep_most(_ctx: StepContext, work: OpenProduct, most: int) -> Effect:
    """Delete images from the end until `most` are left; how many there are is a fact."""
    detail = DetailTab(work.drawer)
    await detail.open()
    images = await detail.bulk_images()
    count = before = await images.count()
    while count > most:
        await images.delete_last(count)
        count -= 1
    await images.close()
    work.facts.images = count
    return NOTHING_TO_DO if count == before else changed(f"{before}개 → {count}개")
