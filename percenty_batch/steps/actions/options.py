"""The product's options."""

from percenty_batch.percenty import OptionsTab
from percenty_batch.steps.actions.acting import NOTHING_TO_DO, Effect, OpenProduct
from percenty_batch.steps.context import StepContext


async def count(_ctx: StepContext, work: OpenProduct, _args: None) -> Effect:
    """Count the options; how many there are is a fact."""
    work.facts.options = await OptionsTab(work.drawer).count()
    return NOTHING_TO_DO
