"""The product's name, and the closing of the drawer, at which the site may refuse it."""

from dataclasses import replace

from percenty_batch.percenty import NameTab
from percenty_batch.steps import naming
from percenty_batch.steps.actions.acting import Effect, OpenProduct, changed, failed
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.moving import check_name
from percenty_batch.steps.naming import NamePlan

_NAME = "name"


async def append_letter(ctx: StepContext, work: OpenProduct, sequence: str) -> Effect:
    """Append the sequence's next letter, save and close; a name that exists gets a digit.

    The list, read anew, must show the name. No other action on the product can follow.
    """
    plan = await _plan(ctx, work, sequence)
    for digit in ("", *naming.DUPLICATE_DIGITS):
        mark = work.drawer.traffic.mark()
        name = await _write(work, plan, digit)
        await work.drawer.save()
        if await work.drawer.close():
            await work.saved()
            await check_name(ctx, work.product.key, name)
            await work.edits.confirm(_NAME)
            return changed(name)
        await work.drawer.accept_name_refusal(mark)
        if not await work.drawer.is_open():
            if work.has_unsaved:
                return failed("같은 상품명이 이미 있어, 창에서 한 다른 편집이 저장되지 않았습니다")
            work.drawer = await ctx.source.open_drawer(work.product)
    return failed("같은 상품명이 이미 있어 이름을 정할 수 없습니다")


async def _plan(ctx: StepContext, work: OpenProduct, sequence: str) -> NamePlan:
    """Give the product its letter, or the plan that an earlier attempt began to carry out.

    A name that is neither the planned one nor the one it started from was changed by somebody
    else: then it is the new base.
    """
    tab = NameTab(work.drawer)
    name = await tab.open()
    known = _known_plan(work.edits)
    if known is not None and known.explains(name):
        return known
    if await tab.drop_flagged_words():
        name = await tab.open()
    if known is not None:
        plan, turn = NamePlan(base=name, letter=known.letter), None
    else:
        turn = await ctx.turn(sequence)
        plan = NamePlan(base=name, letter=naming.letter_at(turn.position))
        turn = replace(turn, position=turn.position + 1)
    await work.edits.intend(_NAME, {"base": plan.base, "letter": plan.letter}, turn)
    return plan


def _known_plan(edits: ItemEdits) -> NamePlan | None:
    match edits.intended(_NAME):
        case {"base": str(base), "letter": str(letter)}:
            return NamePlan(base=base, letter=letter)
    return None


async def _write(work: OpenProduct, plan: NamePlan, digit: str) -> str:
    """Have the product carry the planned name; one that it carries already is left alone."""
    tab = NameTab(work.drawer)
    carried = await tab.open()
    if not digit and carried in plan.names:
        return carried
    name = plan.name(digit)
    await tab.write(name)
    return name
