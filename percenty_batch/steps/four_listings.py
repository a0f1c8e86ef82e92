"""Steps 5_1 to 5_3: one product of 대기n becomes four listings in four shops, or none at all.

What cannot be finished is parked in 복제X with all its copies (percenty-steps, steps 5_n).
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from percenty_batch.accounts import Needs
from percenty_batch.errors import FailureKind, GaveUpError
from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.grouped import empty_group, find_among, show_anew
from percenty_batch.steps.items import ItemWorked, Streak, reason_to_stop, tried
from percenty_batch.steps.listings import ENTER, Making, Route, listings_in
from percenty_batch.steps.parking import PARK, PARKED, park
from percenty_batch.steps.rotation import variants
from percenty_batch.steps.spec import Found, StepSpec
from percenty_batch.steps.telling import tell
from percenty_batch.steps.units import Unit

_LOST = "작업이 끊긴 상품을 목록에서 찾을 수 없습니다"
_WORK_GROUPS = {1: "등록A", 2: "등록B", 3: "등록C"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    ctx: StepContext
    route: Route

    async def go_through(self) -> StopReason:
        """Work until the quantity is reached or the source group is empty."""
        ctx, streak = self.ctx, Streak()
        await self._open()
        while (key := ctx.book.owed) is not None and not ctx.should_stop.is_set():
            self._count(streak, await self._settle(key))
        await ctx.site.fenced(self._clear_work_group(), name="clear work group")
        page = await self._source()
        while (reason := reason_to_stop(ctx)) is None:
            product = await ctx.site.fenced(self._next(page), name="next product")
            if product is None:
                return StopReason.SOURCE_EMPTY
            item = await self._one(product)
            page = await self._source()
            self._count(streak, item)
        return reason

    async def _open(self) -> None:
        work = self.ctx.site.products.open(is_grouped=True)
        await self.ctx.site.fenced(work, name="open list")

    def _count(self, streak: Streak, item: ItemResult | None) -> None:
        if item is not None:
            streak.count(self.ctx, item, has_failed=item.outcome is not ItemOutcome.DONE)

    async def _clear_work_group(self) -> None:
        """What a run that nobody knows of left in the work group is parked."""
        moved = await empty_group(self.ctx, self.route.work, PARKED)
        if moved:
            self.ctx.log.warning(
                f"'{self.route.work}' 그룹에 남아 있던 상품 {len(moved)}개를 {PARKED}로 옮겼습니다"
            )

    async def _source(self) -> ProductPage:
        """The source group, read anew: after each product, so that the last one counts too."""
        work = show_anew(self.ctx, self.route.source)
        page = await self.ctx.site.fenced(work, name="show source")
        self.ctx.book.saw_source(page.total)
        return page

    async def _next(self, page: ProductPage | None) -> ListedProduct | None:
        """The first product of the source group without an outcome, on this page or a later one."""
        while page is not None:
            for row in page.rows:
                if not self.ctx.book.has(row.key):
                    return row
            page = await self.ctx.site.products.next_page(is_grouped=True)
        return None

    async def _one(self, product: ListedProduct) -> ItemResult:
        """Make the four listings of a product that stands in the source group."""
        edits = await self.ctx.edits(product.key)
        if edits.intended(PARK) or edits.is_done(ENTER):  # it was brought back since
            await edits.forget()

        async def work() -> ItemWorked:
            making = self._making(product.key, edits)
            await making.begin(product)
            return ItemWorked(moved_to=await making.make())

        return await self._finish(product.key, edits, work)

    async def _settle(self, key: str) -> ItemResult | None:
        """Continue what was begun earlier from where it stands; None: what is known of it stays."""
        edits = await self.ctx.edits(key)
        if (reason := edits.intended(PARK)) is not None:
            failed = _failed(key, str(reason))
            if not edits.is_done(PARK):
                return await self._park(failed, edits)
            return await self._leave(replace(failed, moved_to=PARKED))
        where = await self.ctx.site.fenced(self._where(key, edits), name=f"look up {key}")
        if isinstance(where, ListedProduct):
            return await self._one(where)
        if not where:
            return await self._leave(replace(_failed(key, _LOST), outcome=ItemOutcome.UNKNOWN))

        async def work() -> ItemWorked:
            return ItemWorked(moved_to=await self._making(key, edits).make())

        return await self._finish(key, edits, work)

    async def _where(self, key: str, edits: ItemEdits) -> ListedProduct | bool:
        """The row in the source group; else whether its work can be continued."""
        if listings_in(edits) is not None:
            return True
        if await find_among(self.ctx, self.route.work, key) is not None:
            return True
        return await find_among(self.ctx, self.route.source, key) or False

    async def _finish(
        self, key: str, edits: ItemEdits, work: Callable[[], Coroutine[Any, Any, ItemWorked]]
    ) -> ItemResult:
        limits, rules = self.ctx.limits, self.ctx.rules
        timeout_s = len(self.route.variants) * limits.item_timeout_s + rules.option_names_timeout_s
        item, worked = await tried(self.ctx, key, work, timeout_s=timeout_s)
        return await (self._park(item, edits) if worked is None else self._record(item))

    async def _park(self, item: ItemResult, edits: ItemEdits) -> ItemResult:
        """Nothing half done stays in a shop or in the work group."""
        await self.ctx.site.start_over()
        await self._open()
        work = park(self.ctx, self.route, edits, key=item.key, reason=item.reason or "")
        is_parked = await self.ctx.site.fenced(work, name=f"park {item.key}")
        return await self._record(
            replace(
                item,
                outcome=ItemOutcome.FAILED,
                reason=f"{item.reason} → {PARKED}로 옮김" if is_parked else item.reason,
                moved_to=PARKED if is_parked else None,
            )
        )

    async def _leave(self, item: ItemResult) -> ItemResult | None:
        """Keep what is known of the item; where nothing is, this."""
        if self.ctx.book.result(item.key) is None:
            return await self._record(item)
        self.ctx.book.forgive(item.key)
        return None

    async def _record(self, item: ItemResult) -> ItemResult:
        await self.ctx.book.record(item)
        tell(self.ctx.log, item, self.ctx.book, self.ctx.unit)
        return item

    def _making(self, key: str, edits: ItemEdits) -> Making:
        return Making(ctx=self.ctx, route=self.route, key=key, edits=edits)


async def _run(number: int, ctx: StepContext) -> StopReason:
    return await _Work(ctx=ctx, route=_route(number, ctx)).go_through()


async def _look(number: int, ctx: StepContext) -> Found:
    """Count the source group and what was left in the work group."""
    route = _route(number, ctx)

    async def count() -> Found:
        await ctx.site.products.open(is_grouped=True)
        left = (await ctx.site.products.show_group(route.work)).total
        source = (await ctx.site.products.show_group(route.source)).total
        lines = [f"{route.source} {source}개"]
        if left:
            lines.append(f"'{route.work}' 그룹에 남은 상품 {left}개는 먼저 {PARKED}로 옮깁니다")
        return Found(count=source, lines=tuple(lines))

    return await ctx.site.fenced(count(), name="look")


def _route(number: int, ctx: StepContext) -> Route:
    suffixes = ctx.inputs.suffixes_of(number)
    if suffixes is None:  # refused before a browser opens, by what the step needs
        raise GaveUpError(FailureKind.DATA, f"suffixA{number}~suffixD{number} 열이 비어 있습니다")
    return Route(
        number=number,
        source=f"대기{number}",
        work=_WORK_GROUPS[number],
        variants=variants(suffixes),
    )


def _failed(key: str, reason: str) -> ItemResult:
    return ItemResult(key=key, outcome=ItemOutcome.FAILED, reason=reason, kind=FailureKind.UNKNOWN)


def _step(number: int) -> StepSpec:
    return StepSpec(
        id=f"5_{number}",
        title=f"대기{number} 상품을 쇼핑몰 네 곳으로 복제",
        unit=Unit.PRODUCT,
        usual_quantity=100,
        stops=(StopReason.QUANTITY_REACHED, StopReason.SOURCE_EMPTY),
        run=partial(_run, number),
        look=partial(_look, number),
        needs=Needs(suffixes=number),
        limits=(
            f"원본 상품 하나가 상품 넷이 됨 (쇼핑몰A{number}, B{number}, C{number}, D{number})",
            f"넷을 모두 확인하지 못하면 모두 {PARKED}로 옮김",
            f"시작할 때 '{_WORK_GROUPS[number]}' 그룹에 남은 상품은 {PARKED}로 옮김",
        ),
    )


STEPS = tuple(_step(number) for number in _WORK_GROUPS)
