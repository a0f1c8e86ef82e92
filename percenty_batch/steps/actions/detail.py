"""The text of the detail page."""

from percenty_batch.percenty import DetailTab
from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct, changed
from percenty_batch.steps.context import StepContext

_DETAIL = "detail"


async def embed_memo(_ctx: StepContext, work: OpenProduct, _args: None) -> Effect:
    """Put the supplier's memo into the detail page, once."""
    memo, edits = work.facts.memo, work.edits
    if not memo:
        return NOTHING_TO_DO
    detail = DetailTab(work.drawer)
    await detail.open()
    # The editor's own word comes first: what we remember may not have been saved.
    is_there = await detail.contains(memo)
    if is_there is None:
        is_there = edits.is_done(_DETAIL) or (
            edits.intended(_DETAIL) is not None and await detail.shows(memo)
        )
    if not is_there:
        await edits.intend(_DETAIL, memo)
        await detail.insert_html(memo)
        await work.confirm(_DETAIL)
        return changed()
    if edits.intended(_DETAIL) is not None:  # an earlier drawer's, and this one was sent it
        await edits.confirm(_DETAIL)
    return NOTHING_TO_DO
