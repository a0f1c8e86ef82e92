"""Step 1: the initial edit of ungrouped products (percenty-steps, step 1).

memo → detail page → images → options → model name → name → save → move. Every part looks at
what is there first, so that what a broken attempt left behind is completed, not doubled.
"""

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
from percenty_batch.steps.context import ProductNotes, StepContext
from percenty_batch.steps.moving import check_name, find, gone, move
from percenty_batch.steps.product_loop import Worked, work_through
from percenty_batch.steps.resuming import DELETED, NO_IMAGES

EDITED_GROUP = "신규수집"
TOO_LARGE_GROUP = "삭제X"
MOST_IMAGES = 30
MOST_OPTIONS_AND_IMAGES = 50
_ZERO_AFTER_S = 6.0


async def run(ctx: StepContext) -> StopReason:
    """Work through the ungrouped products of the account."""
    return await work_through(ctx, edit)


async def edit(ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
    """Edit one product and move it; done only when the move is verified."""
    notes = ctx.memory.notes(product.key)
    drawer = await ctx.site.open_drawer(product)
    await NameTab(drawer).expect(product.name)
    await _edit_memo(ctx, drawer, notes)
    images = await _edit_detail(drawer, notes)
    if images == 0:
        drawer = await _confirm_no_images(ctx, product)
        return await _delete(ctx, drawer, product, page)
    options = await OptionsTab(drawer).count()
    await _edit_model(drawer, notes)
    name = await _edit_name(ctx, drawer, product, notes)
    await check_name(ctx, product.key, name)
    fits = options + images <= MOST_OPTIONS_AND_IMAGES
    target = EDITED_GROUP if fits else TOO_LARGE_GROUP
    ctx.log.debug(f"옵션 {options}개, 이미지 {images}개 → {target}", item=product.key)
    moved = await move(ctx, product, page, target)
    return Worked(outcome=ItemOutcome.DONE, page=moved.page, moved_to=moved.label)


async def _edit_memo(ctx: StepContext, drawer: Drawer, notes: ProductNotes) -> None:
    dialog = MemoDialog(drawer)
    is_first_look = notes.memo is None
    memo = await dialog.open(other=ctx.memory.last_memo if is_first_look else None)
    if notes.memo is None:
        notes.memo = naming.original_memo(memo)
    marked = naming.marked_memo(memo)
    await dialog.write(marked)
    ctx.memory.last_memo = marked


async def _edit_detail(drawer: Drawer, notes: ProductNotes) -> int:
    """Put the memo into the detail page and cut the images; returns how many are left."""
    detail = DetailTab(drawer)
    await detail.open()
    if notes.memo:
        # The editor's own word comes first: what we remember may not have been saved.
        is_there = await detail.contains(notes.memo)
        if not (notes.has_memo_in_detail if is_there is None else is_there):
            await detail.insert_html(notes.memo)
            notes.has_memo_in_detail = True
    images = await detail.bulk_images()
    count = await images.count()
    while count > MOST_IMAGES:
        await images.delete_last(count)
        count -= 1
    await images.close()
    return count


async def _edit_model(drawer: Drawer, notes: ProductNotes) -> None:
    form = DisclosureForm(drawer)
    await form.open()
    await form.write("모델명", naming.model_name(notes.memo or ""))


async def _edit_name(
    ctx: StepContext, drawer: Drawer, product: ListedProduct, notes: ProductNotes
) -> str:
    """Append the next letter and close; a name that exists already gets a digit."""
    for digit in ("", *naming.DUPLICATE_DIGITS):
        mark = drawer.traffic.mark()
        name = await _write_name(ctx, drawer, notes, digit)
        await drawer.save()
        if await drawer.close():
            return name
        await drawer.accept_name_refusal(mark)
        if not await drawer.is_open():
            drawer = await ctx.site.open_drawer(product)
    raise ItemError(FailureKind.DATA, "같은 상품명이 이미 있어 이름을 정할 수 없습니다")


async def _write_name(ctx: StepContext, drawer: Drawer, notes: ProductNotes, digit: str) -> str:
    tab = NameTab(drawer)
    name = await tab.open()
    if notes.base_name is None:
        if await tab.drop_flagged_words():
            name = await tab.open()
        notes.base_name = name
    letter = notes.letter or naming.letter_at(ctx.memory.letters_used)
    name = naming.with_letter(notes.base_name, letter) + digit
    await tab.write(name)
    if notes.letter is None:
        notes.letter = letter
        ctx.memory.letters_used += 1
    return name


async def _confirm_no_images(ctx: StepContext, product: ListedProduct) -> Drawer:
    """Count a second time on the page loaded anew; returns the drawer, opened again.

    A deletion cannot be taken back, and a page that is late shows no images either.
    """
    await ctx.site.start_over()
    await ctx.site.products.open(is_grouped=False)
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
    ctx: StepContext, drawer: Drawer, product: ListedProduct, page: ProductPage
) -> Worked:
    """A product without images is deleted, and counts as failed (percenty-steps, step 1.3)."""
    ctx.memory.notes(product.key).is_being_deleted = True
    await drawer.delete_product()
    after = await gone(ctx, product.key, page)
    return Worked(
        outcome=ItemOutcome.FAILED,
        page=after,
        moved_to=DELETED,
        reason=NO_IMAGES,
    )
