"""Putting HTML before the detail page, once."""

from percenty_batch.percenty import DetailTab
from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct, changed
from percenty_batch.steps.context import StepContext

HTML = "html_update"


async def prepend_html(_ctx: StepContext, work: OpenProduct, html: str) -> Effect:
    """Have the detail page begin with the HTML; one that holds it already is left alone."""
    if work.edits.is_done(HTML):
        return NOTHING_TO_DO
    detail = DetailTab(work.drawer)
    await detail.open()
    await work.edits.intend(HTML, html)
    is_new = await detail.prepend_html(html)
    await work.confirm(HTML)
    return changed() if is_new else NOTHING_TO_DO
