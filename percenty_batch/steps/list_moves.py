"""Moving products of 신규 상품 등록 and 등록 상품 관리 in lots, and proof that they went."""

from collections.abc import Collection, Sequence

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty import ListFilter, ProductList, ProductPage, is_same_group
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.items import Tally
from percenty_batch.steps.patience import silences

_MOST_PAGES = 10  # of a group, newest first, on which products just moved are looked for


async def move_all(
    ctx: StepContext,
    products: ProductList,
    wanted: ListFilter,
    keys: Collection[str],
    target: str,
    tally: Tally,
) -> None:
    """Move those of the products that the list still shows, page by page; counts in `tally`.

    Raises ItemError when the site did not take a move.
    """
    left = set(keys)
    page: ProductPage | None = await products.show(wanted)
    while page is not None and left:
        here = [key for key in page.keys if key in left]
        if not here:
            page = await products.next_page()
            continue
        moved = await move_lot(ctx, products, wanted, page, here, target)
        tally.products += len(moved)
        left -= moved
        page = await products.show(wanted)


async def move_lot(
    ctx: StepContext,
    products: ProductList,
    wanted: ListFilter,
    page: ProductPage,
    keys: Sequence[str],
    target: str,
) -> frozenset[str]:
    """Move rows of the page that is shown by the dialog 그룹 지정; returns those seen to have gone.

    Raises ItemError when none of them has.
    """
    await products.selection.these(page, keys)
    label = await products.selection.move_to(target)
    if not is_same_group(label, target):
        raise ItemError(
            FailureKind.PAGE_CHANGED, f"'{target}' 대신 '{label}' 그룹이 선택되었습니다"
        )
    if await _have_left(ctx, products, page, keys):
        return frozenset(keys)
    moved = await found_in(products, wanted, target, keys)
    if not moved:
        raise ItemError(
            FailureKind.SITE_ERROR, f"그룹 이동이 확인되지 않았습니다 ({target}): {len(keys)}개"
        )
    ctx.log.warning(f"상품 {len(keys)}개 중 {len(moved)}개만 {target} 그룹으로 이동되었습니다")
    return moved


async def found_in(
    products: ProductList, wanted: ListFilter, group: str, keys: Collection[str]
) -> frozenset[str]:
    """Tell which of the products are in a group; the list is left in that group's view."""
    there = ListFilter(group=group, keyword=wanted.keyword, page_size=wanted.page_size)
    page: ProductPage | None = await products.show(there)
    found: set[str] = set()
    for _ in range(_MOST_PAGES):
        if page is None:
            break
        found |= set(page.keys) & set(keys)
        if len(found) == len(set(keys)):
            break
        page = await products.next_page()
    return frozenset(found)


async def _have_left(
    ctx: StepContext, products: ProductList, before: ProductPage, keys: Sequence[str]
) -> bool:
    """Whether the list, read anew, is shorter by these very products, within all patience."""
    for silence_s in silences(ctx.limits.stale_list_timeout_s):
        page = await products.refresh(silence_s=silence_s)
        if page.total == before.total - len(keys) and not set(keys) & set(page.keys):
            return True
    return False
