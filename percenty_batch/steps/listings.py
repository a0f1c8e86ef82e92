"""Four listings of one source product: every part looks at what is there and at the ledger first.

The source product goes to the work group, is refined and copied three times; the four get names,
discounts and leading thumbnails of their own while they are together, and go to their shops only
when all four are ready. Each is known by its own row key from the moment it is seen.
"""

from collections.abc import Callable
from dataclasses import dataclass

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.ledger import Json
from percenty_batch.percenty import (
    LONGEST_NAME,
    Drawer,
    ListedProduct,
    MemoDialog,
    NameTab,
    OptionsTab,
    PriceTab,
    ProductPage,
    ThumbnailsTab,
)
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.grouped import find_among, move_grouped, show_until
from percenty_batch.steps.rotation import COPIES, Variant, copy_number, folded, listings_of
from percenty_batch.steps.turns import place_in

DISCOUNT = "discount"  # a sequence, and a product's place in it
ENTER, BASE, MEMO, REFINED, NUMBERED, COPY, LISTINGS = (
    "enter",
    "base",
    "memo",
    "options refined",
    "options numbered",
    "copies",
    "listings",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where step 5_`number` takes its products from, works on them and sends them to."""

    number: int
    source: str
    work: str
    variants: tuple[Variant, ...]

    def target(self, variant: Variant) -> str:
        return variant.group(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """One source product in hand: its key is the original's for good."""

    ctx: StepContext
    route: Route
    key: str
    edits: ItemEdits

    async def make(self) -> str:
        """Do what is left to do; returns the groups of the four."""
        await self._enter()
        listings = listings_in(self.edits)
        if listings is None:
            await self._prepare_and_copy()
            listings = await self._see_listings()
        await self._make_different(listings)
        return await self._send(listings)

    async def begin(self, product: ListedProduct) -> None:
        """Plan a product that stands in the source group; its place advances the sequence once."""
        longest = max(len(variant.name(product.name)) for variant in self.route.variants)
        if longest > LONGEST_NAME:
            raise ItemError(
                FailureKind.DATA,
                f"접미사를 붙이면 상품명이 {LONGEST_NAME}자를 넘습니다 ({longest}자)",
            )
        await place_in(self.ctx, self.edits, DISCOUNT)

    async def _enter(self) -> None:
        """Have the product be in the work group, alone unless its copies are there already."""
        if self.edits.is_done(ENTER):
            return
        await self.edits.intend(ENTER, self.route.work)
        if await find_among(self.ctx, self.route.work, self.key) is None:
            await move_grouped(self.ctx, self.key, source=self.route.source, target=self.route.work)
        page = await show_until(self.ctx, self.route.work, lambda p: p.row(self.key) is not None)
        if page is None or page.total != 1:
            count = "없음" if page is None else f"{page.total}개"
            raise ItemError(
                FailureKind.PAGE_CHANGED,
                f"'{self.route.work}' 그룹에 이 상품만 있어야 하는데 {count}입니다",
            )
        await self.edits.confirm(ENTER)

    async def _prepare_and_copy(self) -> None:
        """Refine the original, and copy it until three copies were asked for and seen."""
        page = await self._together(lambda p: p.row(self.key) is not None)
        row = page.row(self.key)
        if row is None:
            raise ItemError(FailureKind.PAGE_CHANGED, "작업 그룹에서 상품을 찾을 수 없습니다")
        made = page.total - 1
        if made > COPIES:
            raise ItemError(FailureKind.SITE_ERROR, f"복사본이 {made}개입니다 ({COPIES}개여야 함)")
        drawer = await self.ctx.site.open_drawer(row)
        tab = NameTab(drawer)
        await tab.expect(row.name)
        await self._keep_base(await tab.open())
        if not made:
            await self._expose_memo(drawer)
            await self._name_options(drawer)
            await drawer.save()
            await self._confirm_options()
        await self.edits.intend(COPY, made)
        for _ in range(made, COPIES):
            await drawer.copy_product()
            await tab.expect(row.name)
        await _shut(drawer)

    async def _keep_base(self, name: str) -> None:
        if self.edits.intended(BASE) is None:
            longest = max(len(variant.name(name)) for variant in self.route.variants)
            if longest > LONGEST_NAME:
                raise ItemError(
                    FailureKind.DATA, f"접미사를 붙이면 상품명이 {LONGEST_NAME}자를 넘습니다"
                )
            await self.edits.intend(BASE, name)

    async def _expose_memo(self, drawer: Drawer) -> None:
        if self.edits.is_done(MEMO):
            return
        await self.edits.intend(MEMO, True)
        dialog = MemoDialog(drawer)
        memo = await dialog.open(other=self.ctx.notes.last_memo)
        await dialog.write(memo)
        self.ctx.notes.last_memo = memo
        await self.edits.confirm(MEMO)

    async def _name_options(self, drawer: Drawer) -> None:
        """Refine the options' names and number them.

        After an interruption the names that the page shows tell how far it came. Those from before
        the refinement are refined once more: what it did was lost, or did nothing.
        """
        tab = OptionsTab(drawer)
        if self.edits.is_done(NUMBERED) or not await tab.has_options():
            return
        names: Json = list(await tab.names())
        named = self.edits.intended(NUMBERED)
        if not isinstance(named, list) or names == self.edits.intended(REFINED):
            await self.edits.intend(REFINED, names)
            await tab.refine(limit_s=self.ctx.rules.option_names_timeout_s)
            named = list(await tab.names())
            await self.edits.intend(NUMBERED, named)
        await tab.number([str(name) for name in named])

    async def _confirm_options(self) -> None:
        """Commit what was done to the options, which is saved now."""
        for action in (REFINED, NUMBERED):
            if self.edits.intended(action) is not None:
                await self.edits.confirm(action)

    async def _see_listings(self) -> dict[str, str]:
        """See the original and its three copies in the work group, and no more."""
        base = str(self.edits.intended(BASE))

        def four(page: ProductPage) -> dict[str, str] | None:
            return listings_of(self.key, base, [(row.key, row.name) for row in page.rows])

        page = await show_until(self.ctx, self.route.work, lambda p: four(p) is not None)
        listings = None if page is None else four(page)
        if listings is None:
            seen = await self._together(lambda _: True)
            copies = [copy_number(base, row.name) for row in seen.rows if row.key != self.key]
            raise ItemError(
                FailureKind.SITE_ERROR,
                f"복사 뒤 '{self.route.work}' 그룹에 상품이 {seen.total}개입니다"
                f" (4개여야 함, 복사본 번호 {copies})",
            )
        intended: Json = dict(listings.items())
        await self.edits.intend(LISTINGS, intended)
        return listings

    async def _make_different(self, listings: dict[str, str]) -> None:
        for variant in self.route.variants:
            if not self.edits.is_done(f"edit {variant.shop}"):
                self.ctx.goes_on()
                await self._edit(variant, listings[variant.shop])
        wanted = {listings[v.shop]: folded(self._name(v)) for v in self.route.variants}
        unsent = {
            listings[v.shop] for v in self.route.variants if not self.edits.intended(_send_of(v))
        }

        def are_named(page: ProductPage) -> bool:
            return all((row := page.row(key)) and row.name == wanted[key] for key in unsent)

        if await show_until(self.ctx, self.route.work, are_named) is None:
            raise ItemError(FailureKind.SITE_ERROR, "상품명이 저장되지 않은 상품이 있습니다")
        for variant in self.route.variants:
            await self.edits.confirm(f"edit {variant.shop}")

    async def _edit(self, variant: Variant, key: str) -> None:
        """Have a listing carry its own name, discount and leading thumbnail."""
        action = f"edit {variant.shop}"
        await self.edits.intend(action, key)
        page = await self._together(lambda p: p.row(key) is not None)
        row = page.row(key)
        if row is None:
            raise ItemError(FailureKind.PAGE_CHANGED, f"{variant.shop} 상품을 찾을 수 없습니다")
        drawer = await self.ctx.site.open_drawer(row)
        tab = NameTab(drawer)
        await tab.expect(row.name)
        if await tab.open() != self._name(variant):
            await tab.write(self._name(variant))
        price, discount = PriceTab(drawer), variant.discount(self._position())
        if await price.open() != discount:
            await price.write_discount(discount)
        if variant.thumbnail > 1:
            await self._lead(drawer, variant, key)
        await drawer.save()
        await _shut(drawer)

    async def _lead(self, drawer: Drawer, variant: Variant, key: str) -> None:
        """Bring the listing's own thumbnail to the front, where there are enough."""
        action = f"thumbnail {key}"
        tab = ThumbnailsTab(drawer)
        sources = await tab.open()
        known = self.edits.intended(action)
        if known is None and len(sources) < variant.thumbnail:
            self.ctx.log.info(
                f"썸네일이 {len(sources)}개여서 {variant.shop} 상품은 순서를 바꾸지 않습니다",
                item=key,
            )
            return
        source = known if isinstance(known, str) else sources[variant.thumbnail - 1]
        await self.edits.intend(action, source)
        await tab.bring_to_front(source)
        await self.edits.confirm(action)

    async def _send(self, listings: dict[str, str]) -> str:
        """Send each to its shop; one that has left the work group must be seen in the shop."""
        labels = []
        for variant in self.route.variants:
            target, key, action = (
                self.route.target(variant),
                listings[variant.shop],
                _send_of(variant),
            )
            found = None
            if self.edits.intended(action) is not None:
                found = await find_among(self.ctx, target, key)
            if found is not None:
                labels.append(found.group)
            else:
                await self.edits.intend(action, target)
                labels.append(
                    await move_grouped(self.ctx, key, source=self.route.work, target=target)
                )
            await self.edits.confirm(action)
        return ", ".join(labels)

    async def _together(self, is_so: Callable[[ProductPage], bool]) -> ProductPage:
        page = await show_until(self.ctx, self.route.work, is_so)
        if page is None:
            raise ItemError(
                FailureKind.PAGE_CHANGED, f"'{self.route.work}' 그룹에 있어야 할 상품이 없습니다"
            )
        return page

    def _name(self, variant: Variant) -> str:
        return variant.name(str(self.edits.intended(BASE)))

    def _position(self) -> int:
        if isinstance(place := self.edits.intended(DISCOUNT), int):
            return place
        raise ItemError(FailureKind.UNKNOWN, "할인율 순서가 기록에 없습니다")


def listings_in(edits: ItemEdits) -> dict[str, str] | None:
    """Read which product is which shop's, once all four were seen."""
    match edits.intended(LISTINGS):
        case {"A": str(a), "B": str(b), "C": str(c), "D": str(d)}:
            return {"A": a, "B": b, "C": c, "D": d}
    return None


def sent_to(edits: ItemEdits, route: Route) -> dict[str, str]:
    """Tell which listings, by key, were being sent to which group."""
    listings = listings_in(edits) or {}
    return {
        listings[variant.shop]: route.target(variant)
        for variant in route.variants
        if variant.shop in listings and edits.intended(_send_of(variant)) is not None
    }


def _send_of(variant: Variant) -> str:
    return f"send {variant.shop}"


async def _shut(drawer: Drawer) -> None:
    mark = drawer.traffic.mark()
    if not await drawer.close():
        await drawer.accept_name_refusal(mark)
        raise ItemError(FailureKind.DATA, "같은 상품명이 이미 있습니다")
