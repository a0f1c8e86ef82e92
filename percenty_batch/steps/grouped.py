"""Products of 그룹 상품 관리 in its groups: looked for anew, moved one by one, each move seen."""

from collections.abc import Callable

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.patience import silences

_ELSEWHERE = ("등록실행", "등록대기")  # groups to look at in between, so that a list is read anew
_MOST_PAGES = 10
_MOST_MOVES = 200


async def show_anew(ctx: StepContext, group: str) -> ProductPage:
    """Show a group, read anew: the site reads a list when another group is chosen."""
    other = next(each for each in _ELSEWHERE if each != group)
    await ctx.site.products.pass_by(other)
    return await ctx.site.products.show_group(group)


async def show_until(
    ctx: StepContext, group: str, is_so: Callable[[ProductPage], bool]
) -> ProductPage | None:
    """Show a group until it is as expected; None when it is not in spite of all patience.

    At last the view switch is used, which has the site forget every list.
    """
    for look, silence_s in enumerate(silences(ctx.limits.stale_list_timeout_s)):
        if look:
            await ctx.site.products.refresh(is_grouped=True, silence_s=silence_s)
        page = await show_anew(ctx, group)
        if is_so(page):
            return page
    return None


async def find_among(ctx: StepContext, group: str, key: str) -> ListedProduct | None:
    """Look for a product in a group, read anew; the list is left on the product's page."""
    page = await _page_of(ctx, group, key)
    return None if page is None else page.row(key)


async def move_grouped(ctx: StepContext, key: str, *, source: str, target: str) -> str:
    """Move a product of one group to another; returns the site's own label of the target.

    Raises ItemError when it is not there, or is not seen to have moved.
    """
    before = await _page_of(ctx, source, key)
    if before is None:
        raise ItemError(FailureKind.PAGE_CHANGED, f"'{source}' 그룹에 상품이 없습니다")
    return await _move(ctx, before, key, source=source, target=target)


async def move_if_there(ctx: StepContext, key: str, *, source: str, target: str) -> None:
    """The same for a product that need not be in the group: then nothing is moved."""
    before = await _page_of(ctx, source, key)
    if before is not None:
        await _move(ctx, before, key, source=source, target=target)


async def _move(
    ctx: StepContext, before: ProductPage, key: str, *, source: str, target: str
) -> str:
    """Move by the row's own select, then by the dialog 그룹 지정; `before`: the row's page."""
    label = await ctx.site.products.assign_group(key, target)
    if await _has_left(ctx, source, key, before.total):
        return label
    if (row := await find_among(ctx, source, key)) is not None:
        ctx.log.warning("그룹 이동이 확인되지 않아 그룹 지정 창으로 다시 시도합니다", item=key)
        label = await ctx.site.products.assign_group_by_dialog(row.key, target)
        if await _has_left(ctx, source, key, before.total):
            return label
    if (found := await find_among(ctx, target, key)) is not None:
        return found.group
    raise ItemError(FailureKind.SITE_ERROR, f"그룹 이동이 확인되지 않았습니다 ({target})")


async def empty_group(ctx: StepContext, group: str, target: str) -> tuple[str, ...]:
    """Move everything that is in a group to another; returns the keys. Raises ItemError."""
    moved: list[str] = []
    for _ in range(_MOST_MOVES):
        page = await show_anew(ctx, group)
        if not page.total:
            return tuple(moved)
        moved.append(page.rows[0].key)
        await move_grouped(ctx, page.rows[0].key, source=group, target=target)
    raise ItemError(FailureKind.SITE_ERROR, f"'{group}' 그룹을 비우지 못했습니다")


async def _page_of(ctx: StepContext, group: str, key: str) -> ProductPage | None:
    """The group's page that shows the product; the list, read anew, is left on it."""
    page: ProductPage | None = await show_anew(ctx, group)
    for _ in range(_MOST_PAGES):
        if page is None or page.row(key) is not None:
            return page
        page = await ctx.site.products.next_page(is_grouped=True)
    return None


async def _has_left(ctx: StepContext, group: str, key: str, total: int) -> bool:
    """The count must have gone down by this product, or it may only be on another page."""
    page = await show_until(ctx, group, lambda p: p.row(key) is None and p.total == total - 1)
    return page is not None
