"""Parking: what could not become four listings goes to 복제X, the shops' part as well."""

from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.grouped import empty_group, find_among, move_if_there
from percenty_batch.steps.listings import Route, sent_to

PARK = "park"
PARKED = "복제X"


async def park(ctx: StepContext, route: Route, edits: ItemEdits, *, key: str, reason: str) -> bool:
    """Move all that came of a source product to 복제X; whether the product itself is there.

    One that never left its source group stays there. `reason` is kept for who continues this.
    """
    await edits.intend(PARK, reason)
    for listing, group in sent_to(edits, route).items():
        await move_if_there(ctx, listing, source=group, target=PARKED)
    await empty_group(ctx, route.work, PARKED)
    if await find_among(ctx, PARKED, key) is None:
        await edits.intend(PARK, None)
        return False
    await edits.confirm(PARK)
    return True
