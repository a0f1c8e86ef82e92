"""The product's memo."""

from percenty_batch.percenty import MemoDialog
from percenty_batch.steps import naming
from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct, changed
from percenty_batch.steps.context import StepContext

_MEMO = "memo"


async def mark(ctx: StepContext, work: OpenProduct, _args: None) -> Effect:
    """Give the memo its one mark and have the list show it; the supplier's own is a fact."""
    dialog = MemoDialog(work.drawer)
    edits, last = work.edits, ctx.notes.last_memo
    # Two products may have the same memo: then one that is marked already shows the last one's.
    is_repeated = edits.intended(_MEMO) == naming.original_memo(last or "")
    memo = await dialog.open(other=None if is_repeated else last)
    original, marked = naming.original_memo(memo), naming.marked_memo(memo)
    await edits.intend(_MEMO, original)
    await dialog.write(marked)
    await edits.confirm(_MEMO)
    ctx.notes.last_memo = marked
    work.facts.memo = original
    return NOTHING_TO_DO if memo == marked else changed()
