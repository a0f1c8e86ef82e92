"""그룹 상품 관리: the list of products with its view switch (percenty-site §5)."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.group_dialog import GroupDialog
from percenty_batch.percenty.groups import UNGROUPED, group_pattern, is_same_group
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.select import choose
from percenty_batch.percenty.shell import open_menu

MENU_KEY = "PRODUCT_GROUP"

# A count and the rows it counts are read in one go, so that they belong to the same moment.
# The name is the first text in sight of the row's cell that is no part of a control or a badge;
# the product id below it asks for a click as well (it is copied), so the cursor tells nothing.
_READ = r"""() => {
    const text = element => (element?.innerText ?? '').replace(/\s+/g, ' ').trim();
    const rows = [...document.querySelectorAll('tr.ant-table-row[data-row-key]')]
        .filter(row => row.getClientRects().length);
    const other = 'button, a[href], label, .ant-select, .ant-image, '
        + '.ant-tag, .ant-badge, .ant-ribbon';
    const isName = span => span.getClientRects().length
        && [...span.childNodes].some(node => node.nodeType === 3 && node.data.trim())
        && !span.closest(other);
    const read = row => {
        const spans = [...row.querySelectorAll('td:not(.ant-table-selection-column) span')];
        const name = spans.find(isName);
        return {
            key: row.dataset.rowKey,
            name: text(name),
            name_position: spans.indexOf(name),
            group: text(row.querySelector('.ant-select')),
        };
    };
    const count = text(document.body).match(/(총|선택)\s*([\d,]+)\s*개\s*상품/);
    return {
        total: count && count[1] === '총' ? Number(count[2].replaceAll(',', '')) : null,
        is_loading: [...document.querySelectorAll('.ant-spin-spinning')]
            .some(spin => spin.getClientRects().length),
        rows: rows.map(read),
    };
}"""


_IS_TURNED = """keys => {
    const row = document.querySelector('tr.ant-table-row[data-row-key]');
    return row !== null && !keys.includes(row.dataset.rowKey);
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProduct:
    """One row. `key` is the 24-hex product id; `group` the shown group's name."""

    key: str
    name: str
    name_position: int
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """What the list shows at one moment. `total` is the list's own count over all pages."""

    total: int
    rows: tuple[ListedProduct, ...]

    def row(self, key: str) -> ListedProduct | None:
        return next((row for row in self.rows if row.key == key), None)


class GroupProducts:
    """The list of 그룹 상품 관리; every product is addressed by its row key."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._page = screen.page
        self._user = screen.user
        self._traffic = screen.traffic
        self._assigned: set[str] = set()  # a stale list shows them under their new group
        self._mark = 0

    async def open(self, *, is_grouped: bool) -> ProductPage:
        """Open the page by its menu and bring the list into the wanted view."""
        self._mark = self._traffic.mark()
        await open_menu(self._screen, MENU_KEY)
        await self._page.get_by_role("button", name="그룹 관리하기").wait_for()
        return await self.show(is_grouped=is_grouped)

    async def show(self, *, is_grouped: bool) -> ProductPage:
        """Bring the list into the view, whichever it is in, and read it."""
        await self._switch_to(is_grouped=is_grouped)
        return await self.read(is_grouped=is_grouped)

    async def refresh(self, *, is_grouped: bool, silence_s: float = 0.1) -> ProductPage:
        """Have the site read its list again: the page has no other way than the view switch."""
        await self._switch_to(is_grouped=not is_grouped)
        await self._screen.idle(silence_s)
        return await self.show(is_grouped=is_grouped)

    async def read(self, *, is_grouped: bool, group: str | None = None) -> ProductPage:
        """Read the list once count, rows and view agree.

        An empty list is believed only after a longer silence of the site: before its first
        answer arrives, the page looks empty too, and after a call that failed it does so for
        good: then emptiness is no news of the products but of the site, and is raised.
        """
        for quiet_s in (0.1, 0.4, 1.0, 2.0, 4.0):
            await self._screen.idle(quiet_s)
            seen = await self._page.evaluate(_READ)
            if not seen["rows"] and (failed := self._traffic.failed_since(self._mark)):
                raise WorkError(FailureKind.SITE_ERROR, f"사이트 오류: {failed[-1]}")
            wanted = group if is_grouped else UNGROUPED
            if _agrees(seen, wanted, self._assigned) and (seen["total"] or quiet_s >= 1.0):
                rows = tuple(ListedProduct(**row) for row in seen["rows"])
                return ProductPage(total=seen["total"], rows=rows)
        raise WorkError(
            FailureKind.PAGE_CHANGED,
            f"상품 목록의 개수({seen['total']})와 행({len(seen['rows'])}개)이 맞지 않습니다",
        )

    async def next_page(self, *, is_grouped: bool) -> ProductPage | None:
        """Turn the page; None when this is the last one.

        The page's number changes before its rows arrive, so both are waited for.
        """
        button = self._page.locator(
            'li[title="다음 페이지"]:not(.ant-pagination-disabled):not([aria-disabled="true"])'
        )
        if not await button.count():
            return None
        self._mark = self._traffic.mark()
        number = self._page.locator("li.ant-pagination-item-active")
        left = await number.first.inner_text()
        old = await self._page.evaluate(_READ)
        await self._user.click(button.first)
        await number.filter(has_not_text=re.compile(rf"^\s*{left.strip()}\s*$")).first.wait_for()
        await self._page.wait_for_function(_IS_TURNED, arg=[row["key"] for row in old["rows"]])
        return await self.read(is_grouped=is_grouped)

    async def show_group(self, group: str) -> ProductPage:
        """Show the products of one group, by the radio list 그룹 검색."""
        await self._switch_to(is_grouped=True)
        radio = self._page.locator("label.ant-radio-wrapper:not([role=dialog] *)").filter(
            has_text=group_pattern(group)
        )
        self._mark = self._traffic.mark()
        await self._user.click(radio.first)
        return await self.read(is_grouped=True, group=group)

    async def open_product(self, product: ListedProduct) -> None:
        """Click the product's name, which opens its drawer."""
        if product.name_position < 0:
            raise WorkError(FailureKind.PAGE_CHANGED, "상품명을 목록에서 찾을 수 없습니다")
        await self._user.click(self._name(product))

    async def assign_group(self, key: str, group: str) -> str:
        """Choose the group in the row's own select; returns the site's own label of it.

        Says nothing about whether the site took it.
        """
        self._assigned.add(key)
        select = self._row(key).locator(".ant-select").first
        label = await choose(self._user, select, group_pattern(group), group)
        await self._screen.saved()
        return label

    async def assign_group_by_dialog(self, key: str, group: str) -> str:
        """The same through the row's checkbox and the dialog 그룹 지정."""
        box = self._row(key).locator("td.ant-table-selection-column label")
        if not await box.get_by_role("checkbox").is_checked():
            await self._user.click(box)
        await self._page.get_by_text(re.compile(r"선택\s*1\s*개\s*상품")).first.wait_for()
        await self._user.click(self._page.get_by_role("button", name="그룹 지정", exact=True))
        label = await GroupDialog(self._screen).assign(group)
        await self._screen.saved()
        return label

    async def _switch_to(self, *, is_grouped: bool) -> None:
        # The only switch of the page; whether its label is inside it or beside it is not known.
        switch = self._page.locator('[role="switch"]:not([role="dialog"] *)').filter(visible=True)
        await switch.wait_for()
        wanted = "true" if is_grouped else "false"
        self._mark = self._traffic.mark()
        if await switch.get_attribute("aria-checked") != wanted:
            await self._user.click(switch)
            await switch.and_(self._page.locator(f'[aria-checked="{wanted}"]')).wait_for()

    def _row(self, key: str) -> Locator:
        return self._page.locator(f'tr.ant-table-row[data-row-key="{key}"]')

    def _name(self, product: ListedProduct) -> Locator:
        spans = self._row(product.key).locator("td:not(.ant-table-selection-column) span")
        return spans.nth(product.name_position)


def _agrees(seen: dict[str, Any], group: str | None, assigned: set[str]) -> bool:
    """Whether count and rows can belong together, and the rows to the group (None: any)."""
    total, rows = seen["total"], seen["rows"]
    if total is None or seen["is_loading"] or bool(total) != bool(rows) or len(rows) > total:
        return False
    return group is None or all(
        is_same_group(row["group"], group) or row["key"] in assigned for row in rows
    )
