"""Work through the products of lists, one by one, each by its row key (percenty-steps §2.3)."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any

from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.items import ItemWorked, Streak, reason_to_stop, tried
from percenty_batch.steps.moving import MOVE
from percenty_batch.steps.resuming import DELETE, LookUp, look_up, settle_owed
from percenty_batch.steps.sources import ProductSource
from percenty_batch.steps.telling import tell

SOURCE = "source"
"""The list that a product was taken from, where a step has several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked(ItemWorked):
    """What the work on one product came to, and the list as it stands after it."""

    page: ProductPage


ProductWork = Callable[[StepContext, ListedProduct, ProductPage], Coroutine[Any, Any, Worked]]
MayBegin = Callable[[], Awaitable[StopReason | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What going through a list came to. `left` is the list's own count after it.

    `reason`: why the step is to end (None: the list is done with). `is_capped`: there was more.
    """

    begun: int
    left: int
    reason: StopReason | None
    is_capped: bool


async def work_through(
    ctx: StepContext, work: ProductWork, *, look_up: LookUp = look_up
) -> StopReason:
    """Work on the products of the one list until the quantity is reached or the list is empty.

    `look_up` finds out what became of a product that was begun earlier.
    Raises WorkError when the account cannot go on.
    """
    loop = ProductLoop(ctx, work, look_up=look_up, on_count=ctx.book.saw_source)
    reason = (await loop.go_through(ctx.source)).reason
    if reason is not None:
        return reason
    # The list is empty, or the last that was owed is settled.
    return StopReason.SOURCE_EMPTY if ctx.book.remaining else StopReason.QUANTITY_REACHED


async def _no_limit() -> None:
    return None


class ProductLoop:
    """One attempt's way through one list or several. Failures in a row count over all of them.

    `may_begin` is asked before each product that is not owed: a reason ends the step. `on_count`
    is told the list's own count whenever it was read between two products. `timeout_s` is for
    one product (None: the setting).
    """

    def __init__(
        self,
        ctx: StepContext,
        work: ProductWork,
        *,
        look_up: LookUp = look_up,
        may_begin: MayBegin = _no_limit,
        on_count: Callable[[int], None] = lambda _count: None,
        timeout_s: float | None = None,
    ) -> None:
        self._ctx = ctx
        self._work = work
        self._look_up = look_up
        self._may_begin = may_begin
        self._on_count = on_count
        self._timeout_s = timeout_s
        self._streak = Streak()
        self._sources: dict[str, str] | None = None

    async def settle(self, sources: Sequence[ProductSource]) -> StopReason | None:
        """Work first on what is owed, each product from the list that it was taken from."""
        names = [source.name for source in sources]
        self._sources = {}
        for key in self._ctx.book.owed_keys:
            taken_from = str((await self._ctx.edits(key)).intended(SOURCE))
            self._sources[key] = taken_from if taken_from in names else names[0]
        for source in sources:
            if source.name in self._sources.values():
                passed = await self.go_through(source, most=0)
                if passed.reason is not None:
                    return passed.reason
        return None

    async def go_through(self, source: ProductSource, *, most: int | None = None) -> Passed:
        """Work on what is owed of the list, then on up to `most` further products of it."""
        ctx = replace(self._ctx, source=source)
        page = await self._open(ctx)
        wanted = ctx.book.remaining if most is None else min(ctx.book.remaining, most)
        ctx.log.info(
            f"{source.name} {page.total}개 확인 - 이번에 처리할 수량: {min(page.total, wanted)}"
        )
        begun, reason = 0, None
        while (reason := reason_to_stop(ctx)) is None:
            product, page = await self._next_owed(ctx, page)
            if product is None and (most is None or begun < most) and ctx.book.remaining:
                reason = await self._may_begin()
                product, page = (None, page) if reason else await _next_new(ctx, page)
                begun += product is not None
            if product is None:
                break
            page = await self._work_on(ctx, product, page)
        is_capped = begun == most and any(not ctx.book.has(row.key) for row in page.rows)
        return Passed(begun=begun, left=page.total, reason=reason, is_capped=is_capped)

    async def _next_owed(
        self, ctx: StepContext, page: ProductPage
    ) -> tuple[ListedProduct | None, ProductPage]:
        """What was begun earlier and still stands there, with the list in its view again."""
        if self._owed(ctx) is None:
            return None, page
        work = settle_owed(ctx, lambda: self._owed(ctx), self._look_up)
        begun = await ctx.site.fenced(work, name="settle")
        if begun is not None:
            return await ctx.site.fenced(_shown(ctx, begun), name="show list")
        # A look-up that found nothing has turned all pages: begin at the first one again.
        return None, await ctx.site.fenced(ctx.source.refresh(), name="reread list")

    def _owed(self, ctx: StepContext) -> str | None:
        if self._sources is None:
            return ctx.book.owed
        own = (key for key in ctx.book.owed_keys if self._sources.get(key) == ctx.source.name)
        return next(own, None)

    async def _work_on(
        self, ctx: StepContext, product: ListedProduct, page: ProductPage
    ) -> ProductPage:
        """Work on one product to its recorded outcome; returns the list after it."""
        if self._sources is not None:
            await (await ctx.edits(product.key)).intend(SOURCE, ctx.source.name)
        item, worked = await tried(
            ctx,
            product.key,
            lambda: self._work(ctx, product, page),
            timeout_s=self._timeout_s,
        )
        after = worked.page if worked else None
        if after is None and await _may_have_left(ctx, item.key):
            item, after = await self._settled(ctx, item)
        await ctx.book.record(item)
        tell(ctx.log, item, ctx.book, ctx.unit)
        self._streak.count(ctx, item, has_failed=after is None)
        page = await self._recovered(ctx) if after is None else after
        self._on_count(page.total)
        return page

    async def _settled(
        self, ctx: StepContext, item: ItemResult
    ) -> tuple[ItemResult, ProductPage | None]:
        """A failure at or after the move says nothing about the product: ask the site anew."""
        await self._recovered(ctx)
        fate = await ctx.site.fenced(self._look_up(ctx, item.key), name=f"look up {item.key}")
        if isinstance(fate, ListedProduct):
            return replace(item, outcome=ItemOutcome.FAILED), None
        if fate.outcome is ItemOutcome.UNKNOWN:
            return replace(item, outcome=ItemOutcome.UNKNOWN), None
        page = await ctx.site.fenced(ctx.source.refresh(), name="reread list")
        return replace(fate, duration_s=item.duration_s), page

    async def _open(self, ctx: StepContext) -> ProductPage:
        page = await ctx.site.fenced(ctx.source.open(), name="open list")
        self._on_count(page.total)
        return page

    async def _recovered(self, ctx: StepContext) -> ProductPage:
        """After a failure nobody knows what is open: load the site anew."""
        await ctx.site.start_over()
        return await self._open(ctx)


async def _shown(ctx: StepContext, product: ListedProduct) -> tuple[ListedProduct, ProductPage]:
    """Bring the list to the page where the product stands now."""
    page = await ctx.source.show()
    while (row := page.row(product.key)) is None:
        turned = await ctx.source.next_page()
        if turned is None:
            return product, page
        page = turned
    return row, page


async def _next_new(
    ctx: StepContext, page: ProductPage
) -> tuple[ListedProduct | None, ProductPage]:
    """The first product without an outcome, on this page or a later one."""
    while True:
        for row in page.rows:
            if not ctx.book.has(row.key):
                return row, page
        turned = await ctx.site.fenced(ctx.source.next_page(), name="next page")
        if turned is None:
            return None, page
        page = turned


async def _may_have_left(ctx: StepContext, key: str) -> bool:
    edits = await ctx.edits(key)
    return bool(edits.intended(MOVE) or edits.intended(DELETE))
