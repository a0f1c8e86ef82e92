"""The rows of a list of products, whichever page it stands on (percenty-site §5)."""

import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.groups import group_pattern, is_same_group
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.select import choose
from percenty_batch.percenty.traffic import FailedCall

# A count and the rows it counts are read in one go, so that they belong to the same moment.
# The name is the first text in sight of the row's cell that is no part of a control or a badge;
# the product id below it asks for a click as well (it is copied), so the cursor tells nothing.
_READ = r"""() => {
    const text = element => (element?.innerText ?? '').replace(/\s+/g, ' ').trim();
    // A focused select repeats its choice in a text for screen readers.
    const shownBy = select =>
        text(select?.querySelector('.ant-select-selection-item, .ant-select-content') ?? select);
    const rows = [...document.querySelectorAll('tr.ant-table-row[data-row-key]')]
        .filter(row => row.getClientRects().length);
    const other = 'button, a[href], label, .ant-select, .ant-image, '
        + '.ant-tag, .ant-badge, .ant-ribbon';
    const isName = span => span.getClientRects().length
        && [...span.childNodes].some(node => node.nodeType === 3 && node.data.trim())
        && !span.closest(other);
    const textsOf = (row, isWanted) => {
        const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) {
            const { data, parentElement } = walker.currentNode;
            if (data.trim() && isWanted(parentElement) && parentElement.getClientRects().length)
                found.push(data.trim());
        }
        return found;
    };
    const isAfter = (one, other) => other?.compareDocumentPosition(one) & 4 && !other.contains(one);
    const memo = row => {
        const button = row.querySelector('.anticon-file-text')?.closest('button');
        return textsOf(row, each => isAfter(each, button)).join(' ');
    };
    const translation = (row, name) =>
        textsOf(row, each => !name?.contains(each) && !each.closest('.ant-select'))
            .find(each => /번역/.test(each)) ?? '';
    const read = row => {
        const spans = [...row.querySelectorAll('td:not(.ant-table-selection-column) span')];
        const name = spans.find(isName);
        return {
            key: row.dataset.rowKey,
            name: text(name),
            name_position: spans.indexOf(name),
            group: shownBy(row.querySelector('.ant-select')),
            memo: memo(row),
            translation: translation(row, name),
            is_selected: row.querySelector('.ant-table-selection-column input')?.checked ?? false,
        };
    };
    const count = text(document.body).match(/(총|선택)\s*([\d,]+)\s*개\s*상품/);
    return {
        total: count && count[1] === '총' ? Number(count[2].replaceAll(',', '')) : null,
        selected: count && count[1] === '선택' ? Number(count[2].replaceAll(',', '')) : null,
        is_loading: [...document.querySelectorAll('.ant-spin-spinning')]
            .some(spin => spin.getClientRects().length),
        rows: rows.map(read),
    };
}"""


_IS_TURNED = """keys => {
    const now = [...document.querySelectorAll('tr.ant-table-row[data-row-key]')]
        .map(row => row.dataset.rowKey);
    // A product that was added meanwhile pushes the last one of a page to the next.
    return now.length > 0 && now.join() !== keys.join();
}"""

_MOST_TURNS = 2
_PATIENCE_S = 2.0  # of silence with a page that could not read its list
_MOMENT_MS = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProduct:
    """One row. `key` is the 24-hex product id; `group` the shown group's name.

    `memo` is empty unless the row exposes it; `translation` is what the row says of a translation,
    if it says anything.
    """

    key: str
    name: str
    name_position: int
    group: str
    memo: str = ""
    translation: str = ""
    is_selected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """What the list shows at one moment. `total` is the list's own count over all pages."""

    total: int
    rows: tuple[ListedProduct, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(row.key for row in self.rows)

    def row(self, key: str) -> ListedProduct | None:
        return next((row for row in self.rows if row.key == key), None)


class ProductRows:
    """What every list of products has: its count, rows and pages. A row is known by its key."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._page = screen.page
        self._user = screen.user
        self._traffic = screen.traffic
        self._assigned: dict[str, str] = {}
        self._mark = 0
        self._last_keys: list[str] = []

    def assigned(self, keys: Iterable[str], group: str) -> None:
        """These rows are being moved: a stale list may show them under their new group."""
        self._assigned |= dict.fromkeys(keys, group)

    def asked_anew(self) -> None:
        """The list is about to be asked for: a call that failed before tells nothing of it."""
        self._mark = self._traffic.mark()

    async def read(
        self,
        group: str | None = None,
        *,
        keyword: str = "",
        ask_again: Callable[[], Awaitable[bool]],
    ) -> ProductPage:
        """Read the list once count and rows agree, and every row is of the group (None: any).

        What cannot be believed is asked for once more; `ask_again` is False where nothing can.
        Rows of which none has the keyword are taken for those of the search before, at first.
        """
        mark = self._mark
        try:
            return await self._read(group, keyword)
        except WorkError:
            if not await ask_again():
                raise
        self._mark = mark  # only a good answer makes up for a failed one
        return await self._read(group, keyword)

    async def _read(self, group: str | None, keyword: str) -> ProductPage:
        """Read the list; raises WorkError where it cannot be believed.

        An empty list is believed only after a longer silence of the site: before its first
        answer arrives, the page looks empty too. After a call that failed it does so for good, or
        still shows the rows of before: then what it shows is no news of the products but of the
        site, and is raised.
        """
        for quiet_s in (0.1, 0.4, 1.0, 2.0, 4.0):
            await self._screen.idle(quiet_s)
            seen = await self._page.evaluate(_READ)
            keys = [row["key"] for row in seen["rows"]]
            if keys in ([], self._last_keys) and (failed := self._failed(keys)):
                if quiet_s < _PATIENCE_S:  # the page may ask again by itself
                    continue
                raise WorkError(FailureKind.SITE_ERROR, f"사이트 오류: {failed[-1]}")
            is_news = seen["total"] and _has(seen, keyword)
            if _agrees(seen, group, self._assigned) and (is_news or quiet_s >= 1.0):
                self._last_keys = keys
                rows = tuple(ListedProduct(**row) for row in seen["rows"])
                return ProductPage(total=seen["total"], rows=rows)
        raise WorkError(
            FailureKind.PAGE_CHANGED,
            f"상품 목록의 개수({seen['total']})와 행({len(seen['rows'])}개)이 맞지 않습니다",
        )

    def _failed(self, keys: list[str]) -> list[FailedCall]:
        """The failures that may be the list's own: rows tell that the page itself works."""
        failed = self._traffic.failed_looks(self._mark)
        return [call for call in failed if call.has_worked] if keys else failed

    async def first_page(self) -> None:
        """Turn back to the first page, if the list stands on another."""
        first = self._page.locator("li.ant-pagination-item-1:not([role=dialog] *)")
        active = first.and_(self._page.locator(".ant-pagination-item-active"))
        for _ in range(_MOST_TURNS):
            if not await first.count() or await active.count():
                return
            await self._screen.idle(0.1)  # what was asked for before may turn it back as well
            if await active.count():
                return
            self.asked_anew()
            old = await self._page.evaluate(_READ)
            await self._user.click(first.first)
            with suppress(PlaywrightTimeoutError):
                await active.first.wait_for(timeout=_MOMENT_MS)
                keys = [row["key"] for row in old["rows"]]
                await self._page.wait_for_function(_IS_TURNED, arg=keys, timeout=_MOMENT_MS)

    async def next_page(self, group: str | None = None) -> ProductPage | None:
        """Turn the page; None when this is the last one.

        The page's number changes before its rows arrive, so both are waited for.
        """
        button = self._page.locator(
            'li[title="다음 페이지"]:not(.ant-pagination-disabled):not([aria-disabled="true"])'
        )
        if not await button.count():
            return None
        self.asked_anew()
        number = self._page.locator("li.ant-pagination-item-active")
        left = await number.first.inner_text()
        old = await self._page.evaluate(_READ)
        await self._user.click(button.first)
        await number.filter(has_not_text=re.compile(rf"^\s*{left.strip()}\s*$")).first.wait_for()
        await self._page.wait_for_function(_IS_TURNED, arg=[row["key"] for row in old["rows"]])
        return await self._read(group, "")

    async def open_product(self, product: ListedProduct) -> None:
        """Click the product's name, which opens its drawer."""
        if product.name_position < 0:
            raise WorkError(FailureKind.PAGE_CHANGED, "상품명을 목록에서 찾을 수 없습니다")
        await self._user.click(self._name(product))

    async def assign_group(self, key: str, group: str) -> str:
        """Choose the group in the row's own select; returns the site's own label of it.

        Says nothing about whether the site took it.
        """
        self.assigned([key], group)
        select = self.row(key).locator(".ant-select").first
        label = await choose(self._user, select, group_pattern(group), group)
        await self._screen.saved()
        return label

    async def selected(self) -> tuple[int, frozenset[str]]:
        """Tell how many products the header says are selected, and which rows are."""
        seen = await self._page.evaluate(_READ)
        keys = frozenset(row["key"] for row in seen["rows"] if row["is_selected"])
        return seen["selected"] or 0, keys

    def row(self, key: str) -> Locator:
        return self._page.locator(f'tr.ant-table-row[data-row-key="{key}"]')

    def _name(self, product: ListedProduct) -> Locator:
        spans = self.row(product.key).locator("td:not(.ant-table-selection-column) span")
        return spans.nth(product.name_position)


def _has(seen: dict[str, Any], keyword: str) -> bool:
    return any(keyword.casefold() in row["name"].casefold() for row in seen["rows"])


def _agrees(seen: dict[str, Any], group: str | None, assigned: dict[str, str]) -> bool:
    """Whether count and rows can belong together, and the rows to the group (None: any)."""
    total, rows = seen["total"], seen["rows"]
    if total is None or seen["is_loading"] or bool(total) != bool(rows) or len(rows) > total:
        return False
    return group is None or all(
        is_same_group(row["group"], group)
        or is_same_group(row["group"], assigned.get(row["key"], group))
        for row in rows
    )
