"""Step 1: the initial edit of ungrouped products (percenty-steps, step 1).

memo → detail page → images → options → model name → name → save → move. Every part looks at
what is there first, and at what the ledger says was begun, so that what a broken attempt or a
process that died left behind is completed, not doubled.
"""

from dataclasses import replace

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.models import ItemOutcome, StopReason
from percenty_batch.percenty import (
    DetailTab,
    DisclosureForm,
    Drawer,
    ListedProduct,
    MemoDialog,
    NameTab,
    OptionsTab,
    ProductPage,
)
from percenty_batch.steps import naming
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.moving import check_name, find, gone, move
from percenty_batch.steps.naming import NamePlan
from percenty_batch.steps.product_loop import Worked, work_through
from percenty_batch.steps.resuming import DELETE, DELETED, NO_IMAGES
from percenty_batch.steps.spec import Found, StepSpec
from percenty_batch.steps.units import Unit

EDITED_GROUP = "신규수집"
TOO_LARGE_GROUP = "삭제X"
MOST_IMAGES = 30
MOST_OPTIONS_AND_IMAGES = 50
_ZERO_AFTER_S = 6.0
_MEMO, _DETAIL, _NAME = "memo", "detail", "name"
_LETTERS = "letter"


async def run(ctx: StepContext) -> StopReason:
    """Work through the ungrouped products of the account."""
    return await work_through(ctx, edit)


async def look(ctx: StepContext) -> Found:
    """Count the ungrouped products."""
    page = await ctx.site.fenced(ctx.source.open(), name="look")
    return Found(count=page.total, lines=(f"{ctx.source.name} {page.total}개",))


async def edit(ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
    """Edit one product and move it; done only when the move is verified."""
    edits = await ctx.edits(product.key)
    drawer = await ctx.site.open_drawer(product)
    await NameTab(drawer).expect(product.name)
    memo = await _edit_memo(ctx, drawer, edits)
    images = await _edit_detail(drawer, edits, memo)
    if images == 0:
        drawer = await _confirm_no_images(ctx, product)
        return await _delete(ctx, drawer, product, page, edits)
    if edits.intended(DELETE):  # an earlier attempt saw none, and its deletion did not happen
        await edits.intend(DELETE, False)
    options = await OptionsTab(drawer).count()
    await _edit_model(drawer, memo)
    name = await _edit_name(ctx, drawer, product, edits)
    await check_name(ctx, product.key, name)
    await edits.confirm(_NAME)
    fits = options + images <= MOST_OPTIONS_AND_IMAGES
    target = EDITED_GROUP if fits else TOO_LARGE_GROUP
    ctx.log.debug(f"옵션 {options}개, 이미지 {images}개 → {target}", item=product.key)
    moved = await move(ctx, product, page, target)
    return Worked(outcome=ItemOutcome.DONE, page=moved.page, moved_to=moved.label)


async def _edit_memo(ctx: StepContext, drawer: Drawer, edits: ItemEdits) -> str:
    """Mark the memo; returns the supplier's original one."""
    dialog = MemoDialog(drawer)
    # Two products may have the same memo: then one that is marked already shows the last one's.
    is_repeated = edits.intended(_MEMO) == naming.original_memo(ctx.notes.last_memo or "")
    memo = await dialog.open(other=None if is_repeated else ctx.notes.last_memo)
    original, marked = naming.original_memo(memo), naming.marked_memo(memo)
    await edits.intend(_MEMO, original)
    await dialog.write(marked)
    await edits.confirm(_MEMO)
    ctx.notes.last_memo = marked
    return original


async def _edit_detail(drawer: Drawer, edits: ItemEdits, memo: str) -> int:
    """Put the memo into the detail page and cut the images; returns how many are left."""
    detail = DetailTab(drawer)
    await detail.open()
    if memo:
        # The editor's own word comes first: what we remember may not have been saved.
        is_there = await detail.contains(memo)
        if is_there is None:
            is_there = edits.is_done(_DETAIL) or (
                edits.intended(_DETAIL) is not None and await detail.shows(memo)
            )
        if not is_there:
            await edits.intend(_DETAIL, memo)
            await detail.insert_html(memo)
        if edits.intended(_DETAIL) is not None:
            await edits.confirm(_DETAIL)
    images = await detail.bulk_images()
    count = await images.count()
    while count > MOST_IMAGES:
        await images.delete_last(count)
        count -= 1
    await images.close()
    return count


async def _edit_model(drawer: Drawer, memo: str) -> None:
    form = DisclosureForm(drawer)
    await form.open()
    await form.write("모델명", naming.model_name(memo))


async def _edit_name(
    ctx: StepContext, drawer: Drawer, product: ListedProduct, edits: ItemEdits
) -> str:
    """Append the next letter and close; a name that exists already gets a digit."""
    plan = await _plan_name(ctx, drawer, edits)
    for digit in ("", *naming.DUPLICATE_DIGITS):
        mark = drawer.traffic.mark()
        name = await _write_name(drawer, plan, digit)
        await drawer.save()
        if await drawer.close():
            return name
        await drawer.accept_name_refusal(mark)
        if not await drawer.is_open():
            drawer = await ctx.site.open_drawer(product)
    raise ItemError(FailureKind.DATA, "같은 상품명이 이미 있어 이름을 정할 수 없습니다")


async def _plan_name(ctx: StepContext, drawer: Drawer, edits: ItemEdits) -> NamePlan:
    """Give the product its letter, or the plan that an earlier attempt began to carry out.

    A name that is neither the planned one nor the one it started from was changed by somebody
    else: then it is the new base.
    """
    tab = NameTab(drawer)
    name = await tab.open()
    known = _known_plan(edits)
    if known is not None and known.explains(name):
        return known
    if await tab.drop_flagged_words():
        name = await tab.open()
    if known is not None:
        plan, turn = NamePlan(base=name, letter=known.letter), None
    else:
        turn = await ctx.turn(_LETTERS)
        plan = NamePlan(base=name, letter=naming.letter_at(turn.position))
        turn = replace(turn, position=turn.position + 1)
    await edits.intend(_NAME, {"base": plan.base, "letter": plan.letter}, turn)
    return plan


def _known_plan(edits: ItemEdits) -> NamePlan | None:
    match edits.intended(_NAME):
        case {"base": str(base), "letter": str(letter)}:
            return NamePlan(base=base, letter=letter)
    return None


async def _write_name(drawer: Drawer, plan: NamePlan, digit: str) -> str:
    """Have the product carry the planned name; one that it carries already is left alone."""
    tab = NameTab(drawer)
    carried = await tab.open()
    if not digit and carried in plan.names:
        return carried
    name = plan.name(digit)
    await tab.write(name)
    return name


async def _confirm_no_images(ctx: StepContext, product: ListedProduct) -> Drawer:
    """Count a second time on the page loaded anew; returns the drawer, opened again.

    A deletion cannot be taken back, and a page that is late shows no images either.
    """
    await ctx.site.start_over()
    await ctx.source.open()
    listed = await find(ctx, product.key)
    if listed is None:
        raise ItemError(FailureKind.PAGE_CHANGED, "이미지가 없는 상품이 목록에서 사라졌습니다")
    drawer = await ctx.site.open_drawer(listed)
    await NameTab(drawer).expect(listed.name)
    detail = DetailTab(drawer)
    await detail.open()
    images = await detail.bulk_images()
    count = await images.count(zero_after_s=_ZERO_AFTER_S)
    await images.close()
    if count:
        raise ItemError(FailureKind.PAGE_CHANGED, f"이미지 개수가 0개였다가 {count}개로 읽혔습니다")
    return drawer


async def _delete(
    ctx: StepContext,
    drawer: Drawer,
    product: ListedProduct,
    page: ProductPage,
    edits: ItemEdits,
) -> Worked:
    """A product without images is deleted, and counts as failed (percenty-steps, step 1.3)."""
    await edits.intend(DELETE, True)
    await drawer.delete_product()
    after = await gone(ctx, product.key, page)
    return Worked(
        outcome=ItemOutcome.FAILED,
        page=after,
        moved_to=DELETED,
        reason=NO_IMAGES,
    )


STEP = StepSpec(
    id="1",
    title="비그룹상품 초기 편집",
    unit=Unit.PRODUCT,
    usual_quantity=100,
    stops=(StopReason.QUANTITY_REACHED, StopReason.SOURCE_EMPTY),
    run=run,
    look=look,
)
