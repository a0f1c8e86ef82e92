"""상품정보제공고시, on the upload tab."""

from percenty_batch.percenty import DisclosureForm
from percenty_batch.steps import naming
from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct, changed
from percenty_batch.steps.context import StepContext


async def fill_model(_ctx: StepContext, work: OpenProduct, label: str) -> Effect:
    """Write the supplier's memo into the field of that label, where the form has one."""
    form = DisclosureForm(work.drawer)
    await form.open()
    has_field = await form.write(label, naming.model_name(work.facts.memo or ""))
    return changed() if has_field else NOTHING_TO_DO
