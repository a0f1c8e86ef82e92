"""Moving a product to a group, and proof that it went."""

from dataclasses import dataclass

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.patience import silences

MOVE = "move"
_MOST_GROUP_PAGES = 10  # of a group, newest first, in which a product just moved is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The group under the site's own label, and the list read after the move."""

    label: str
    page: ProductPage


async def check_name(ctx: StepContext, key: str, name: str) -> None:
    """Have the list read anew and look for the edited name: the site's own word that it was saved.

    A list may be stale for a while, with its names.

    The list is left on the product's page.
    """
    wanted, seen = " ".join(name.split()), None
    for silence_s in silences(ctx.limits.stale_list_timeout_s):
        seen = await find(ctx, key, silence_s=silence_s)
        if seen is not None and seen.name == wanted:
            return
    if seen is None:
        raise ItemError(
            FailureKind.PAGE_CHANGED, "편집한 상품이 목록에서 사라졌습니다", effect_unknown=True
        )
    raise ItemError(
        FailureKind.SITE_ERROR, f"상품명이 저장되지 않았습니다: {seen.name!r} ≠ {name!r}"
    )


async def move(ctx: StepContext, product: ListedProduct, page: ProductPage, target: str) -> Moved:
    """Move the product; `page` is the list before the move.

    First by the row's own select, then by the dialog 그룹 지정. Choosing a group twice is
    harmless; counting a product that stayed is not.
    """
    source = ctx.source
    edits = await ctx.edits(product.key)
    await edits.intend(MOVE, target)
    label = await source.assign_group(product.key, target)
    if (after := await _without(ctx, product.key, page)) is not None:
        return Moved(label=label, page=after)
    if await find(ctx, product.key) is not None:
        ctx.log.warning(
            "그룹 이동이 확인되지 않아 그룹 지정 창으로 다시 시도합니다", item=product.key
        )
        label = await source.assign_group_by_dialog(product.key, target)
        if (after := await _without(ctx, product.key, page)) is not None:
            return Moved(label=label, page=after)
    if (found := await find_in_group(ctx, product.key, target)) is not None:
        return Moved(label=found.group, page=await source.show())
    stays = await find(ctx, product.key) is not None
    where = "목록에 남아 있음" if stays else "어느 목록에도 없음"
    raise ItemError(
        FailureKind.SITE_ERROR,
        f"그룹 이동이 확인되지 않았습니다 ({target}): {where}",
        effect_unknown=not stays,
    )


async def gone(ctx: StepContext, key: str, page: ProductPage) -> ProductPage:
    """Return the list once a deleted product has left it; raises ItemError while it stays."""
    after = await _without(ctx, key, page)
    if after is None:
        raise ItemError(
            FailureKind.SITE_ERROR, "상품 삭제가 확인되지 않았습니다", effect_unknown=True
        )
    return after


async def find(ctx: StepContext, key: str, *, silence_s: float = 0.1) -> ListedProduct | None:
    """Look through the list, read anew, and leave it on the product's page."""
    page: ProductPage | None = await ctx.source.refresh(silence_s=silence_s)
    while page is not None:
        if (row := page.row(key)) is not None:
            return row
        page = await ctx.source.next_page()
    return None


async def find_in_group(ctx: StepContext, key: str, group: str) -> ListedProduct | None:
    """Look for a product among the newest of a group; the list is left in the group's view."""
    source = ctx.source.of_group(group)
    page: ProductPage | None = await source.show()
    for _ in range(_MOST_GROUP_PAGES):
        if page is None:
            return None
        if (row := page.row(key)) is not None:
            return row
        page = await source.next_page()
    return None


async def _without(ctx: StepContext, key: str, before: ProductPage) -> ProductPage | None:
    """The list read anew without the product; None when that is not seen in spite of all patience.

    The count must have gone down by this very product: its row alone may only have slipped to
    another page, and a list that failed to load lacks it too.
    """
    for silence_s in silences(ctx.limits.stale_list_timeout_s):
        page = await ctx.source.refresh(silence_s=silence_s)
        if page.row(key) is None and page.total == before.total - 1:
            return page
    return None
