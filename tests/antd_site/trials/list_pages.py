"""신규 상품 등록, 등록 상품 관리 and 일괄 번역: page objects alone, beside the site's record."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from percenty_batch.percenty import (
    COLLECTED,
    MANAGED,
    ListFilter,
    ProductList,
    ProductPage,
    translation_end,
)
from tests.antd_site.options import Lot, Options, SiteAccount
from tests.antd_site.trials.checks import differs
from tests.antd_site.trials.screens import Desk, desk
from tests.antd_site.trials.trial import EMAIL, PASSWORD, Trial
from tests.antd_site.world import Product

_LISTS = (
    *("list_refresh", "header_select", "group_names", "menu", "closed_dialogs", "toasts"),
    *("button_icons", "page_size", "count_text", "filter_memory", "selection_after", "old_rows"),
)
_LOTS = (
    Lot(group="신규수집", count=24, provider="H16"),
    Lot(group="신규수집", count=3, provider="G03"),
    Lot(group="서버1", count=4, is_translated=False),
    Lot(group="서버2", count=3, provider="H16"),
)
_END_S = 30.0
Work = Callable[[Desk], Awaitable[list[str]]]


def _trial(name: str, work: Work, settings: tuple[str, ...]) -> Trial:
    async def run(options: Options) -> list[str]:
        seller = SiteAccount(email=EMAIL, password=PASSWORD, product_count=2, lots=_LOTS, quota=120)
        async with desk(seller, replace(options, popups=0)) as at:
            return await work(at)

    def run_now(_number: int, options: Options, _folder: Path) -> list[str]:
        return asyncio.run(run(options))

    return Trial(name=name, settings=settings, run=run_now)


async def _lists(at: Desk) -> list[str]:
    before = at.site.products(EMAIL)
    products = ProductList(at.screen, MANAGED)
    await products.open()
    everything = await products.show(ListFilter())
    none = await products.show(ListFilter(group="수동1", keyword="H16"))
    other = await products.show(ListFilter(group="서버2"))
    page = await products.show(ListFilter(group="신규수집", keyword="H16"))
    found, rows = page.total, len(page.rows)
    moved: list[str] = []
    while page.rows:
        moved += page.keys
        await products.selection.all_of(page)
        label = await products.selection.move_to("복제X")
        page = await _without(products, page.keys)
    left = await products.show(ListFilter(group="신규수집"))
    trash = "복제x" if at.site.options.group_names == "lower" else "복제X"
    return [
        *differs("all", everything.total, len(before)),
        *differs("none", (none.total, none.rows), (0, ())),
        *differs("서버2", sorted(other.keys), _keys(before, "서버2", "")),
        *differs("found", found, 24),
        *differs("rows", rows, 20 if at.site.options.page_size == "absent" else 24),
        *differs("label", label, trash),
        *differs("moved", sorted(moved), _keys(before, "신규수집", "H16")),
        *differs("moved in fact", at.recorded("group"), [trash] * 24),
        *differs("left", sorted(left.keys), _keys(before, "신규수집", "G03")),
    ]


async def _without(products: ProductList, keys: Sequence[str]) -> ProductPage:
    """Ask again until none of these is listed; some pages need to be asked more than once."""
    for _ in range(5):
        page = await products.refresh()
        if not set(keys) & set(page.keys):
            return page
    raise AssertionError("the list stays stale")


async def _translation(at: Desk) -> list[str]:
    products = ProductList(at.screen, COLLECTED)
    await products.open()
    page = await products.show(ListFilter(group="서버1"))
    await products.selection.all_of(page)
    offer = await products.translation.open(len(page.keys))
    await products.translation.start()
    ended = await translation_end(products, page.rows, _END_S)
    translated = [c.product for c in at.site.record if c.what == "translated"]
    again = await products.refresh()
    await products.selection.all_of(again)
    second = await products.translation.open(len(again.keys))
    await products.translation.close()
    return [
        *differs("offered", (offer.remaining, second.remaining), (120, 116)),
        *differs("done", sorted(ended.done), sorted(translated)),
        *differs("translated", len(translated), 4),
        *differs("failed", ended.failed, frozenset()),
    ]


def _keys(products: Sequence[Product], group: str, word: str) -> list[str]:
    return sorted(each.id for each in products if each.group == group and word in each.name)


LIST_PAGES = (
    _trial("lists", _lists, (*_LISTS, "keyword_search", "group_filter")),
    _trial(
        "translation",
        _translation,
        (*_LISTS, "translation_notice", "quota_text", "translation_end"),
    ),
)
