"""The filters of 신규 상품 등록 and 등록 상품 관리 (percenty-site §5)."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.groups import UNGROUPED, group_pattern
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.select import choose

ALL = "전체"
_SIZE_SELECT = ".ant-select:not(tr.ant-table-row *):not([role=dialog] *)"
_SELECT = f"{_SIZE_SELECT}:not(.ant-pagination *)"
_SIZE = re.compile(r"^\s*\d+\s*개씩 보기\s*$")
_STATUS = re.compile(r"상태 검색")
_STATUSES = re.compile(r"^\s*(미업로드|판매중|품절|판매중지)\s*$")
_MOST_CHOICES = 3
_MOMENT_MS = 3000
_MOST_LOADING_S = 5.0
_QUIET_S = 0.1
_SEARCH = "#filter_search_button_id"

# A focused select repeats its choice in a text for screen readers: only this part is read.
_SHOWN = ".ant-select-selection-item, .ant-select-selection-placeholder, .ant-select-content"

# What a select shows, and the nearest text before it that is not its own.
_SELECTS = r"""selects => selects.map((select, position) => {
    const text = element => (element?.innerText ?? '').replace(/\s+/g, ' ').trim();
    let label = '';
    for (let at = select; at && !label && at !== document.body; at = at.parentElement) {
        if (at.querySelectorAll('.ant-select').length > 1) break;
        for (let before = at.previousElementSibling; before && !label;
            before = before.previousElementSibling) {
            if (before.matches('.ant-select') || before.querySelector('.ant-select')) break;
            label = text(before);
        }
    }
    const shown = select.querySelector('.ant-select-selection-item, .ant-select-content');
    return { position, shown: text(shown ?? select), label };
})"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """What a list is to show. `group` None: all; `markets` are their labels on the page."""

    group: str | None = None
    keyword: str = ""
    status: str | None = None
    markets: tuple[str, ...] = ()
    page_size: int = 50


class ProductFilter:
    """The filters of the list that is open; fields that a page does not have are not asked for."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._page = screen.page
        self._user = screen.user

    async def apply(self, wanted: ListFilter) -> None:
        """Set every filter that differs from what is wanted, and search.

        Each waits for the answer to the one before: a page that asks twice at a time may show
        the answer that comes last, which need not be that of the question asked last.
        """
        await self._choose_size(wanted.page_size)
        await self._choose_group(wanted.group)
        await self._choose_status(wanted.status, wanted.markets)
        field = self._page.get_by_placeholder("상품명 입력").filter(visible=True)
        if not await field.count():
            if wanted.keyword:
                raise WorkError(FailureKind.PAGE_CHANGED, "상품명 검색 입력란이 없습니다")
            return
        await self._screen.idle(_QUIET_S)
        await self._user.fill(field.first, wanted.keyword)
        await self._user.press(field.first, "Enter")
        await self.search()

    async def search(self) -> bool:
        """Press 상품 검색; false on a page that has no such button."""
        button = self._page.locator(_SEARCH).filter(visible=True)
        if not await button.count():
            return False
        await self._user.click(button.first)
        return True

    @property
    def _selects(self) -> Locator:
        return self._page.locator(_SELECT).filter(visible=True)

    def _showing(self, text: re.Pattern[str], kind: str = _SELECT) -> Locator:
        shown = self._page.locator(_SHOWN).filter(has_text=text)
        return self._page.locator(kind).filter(visible=True).filter(has=shown)

    async def _choose_size(self, size: int) -> None:
        select = self._showing(_SIZE, _SIZE_SELECT)
        wanted = re.compile(rf"^\s*{size}\s*개씩 보기\s*$")
        sized = self._showing(wanted, _SIZE_SELECT)
        if not await select.count() or await sized.count():
            return
        try:
            await self._set(select.first, sized, wanted, f"{size}개씩 보기")
        except WorkError as error:
            if error.kind is not FailureKind.DATA:  # not offered: there are more pages, then
                raise

    async def _choose_group(self, group: str | None) -> None:
        """Choose in whichever select has the group among its options, the likeliest first.

        Looked for again for a while: a page that is still loading has not all of its selects.
        """
        name = group or ALL
        now = asyncio.get_running_loop().time
        give_up_at = now() + _MOST_LOADING_S
        await self._selects.first.wait_for()
        while not await self._chosen_somewhere(name):
            if now() > give_up_at:
                raise WorkError(FailureKind.DATA, f"그룹 목록에 '{name}' 그룹이 없습니다")

    async def _chosen_somewhere(self, group: str) -> bool:
        text = group_pattern(group)
        for select in await self._group_selects(group):
            shown = select.locator(_SHOWN).filter(has_text=text)
            if await shown.count():
                return True
            try:
                await self._set(select, shown, text, group)
            except WorkError as error:
                if error.kind is not FailureKind.DATA:
                    raise
                continue
            return True
        return False

    async def _set(
        self, select: Locator, shown: Locator, text: re.Pattern[str], typed: str
    ) -> None:
        """Choose until the select shows it: a page that is still loading may take it back."""
        await self._screen.idle(_QUIET_S)
        for _ in range(_MOST_CHOICES - 1):
            await choose(self._user, select, text, typed)
            with suppress(PlaywrightTimeoutError):
                await shown.first.wait_for(timeout=_MOMENT_MS)
                return
        await choose(self._user, select, text, typed)
        await shown.first.wait_for()

    async def _group_selects(self, group: str) -> Sequence[Locator]:
        seen = await self._selects.evaluate_all(_SELECTS)
        return [self._selects.nth(position) for position in likeliest_group_selects(seen, group)]

    async def _choose_status(self, status: str | None, markets: Sequence[str]) -> None:
        chosen = self._showing(_STATUSES)
        if status is None:
            if await chosen.count():  # the page may have kept what was chosen earlier
                await self._screen.idle(_QUIET_S)
                await self._user.click(chosen.first.locator(".ant-select-clear"))
            return
        wanted = re.compile(rf"^\s*{re.escape(status)}\s*$")
        if not await self._showing(wanted).count():
            select = self._showing(_STATUS).or_(chosen)
            await self._set(select.first, self._showing(wanted), wanted, status)
        for market in markets:
            box = self._page.locator("label.ant-checkbox-wrapper:not([role=dialog] *)").filter(
                has_text=group_pattern(market)
            )
            if not await box.get_by_role("checkbox").first.is_checked():
                await self._user.click(box.first)


def likeliest_group_selects(seen: Sequence[dict[str, Any]], wanted: str) -> list[int]:
    """Order the page's selects by how likely each is the one of the groups; some cannot be.

    The group select is the 3rd on one page and the 1st on another, so its place tells nothing [H].
    """

    def rank(select: dict[str, Any]) -> int:
        if "그룹" in select["label"]:
            return 0
        known = (ALL, UNGROUPED, wanted)
        return 1 if select["shown"].casefold() in {each.casefold() for each in known} else 2

    able = [each for each in seen if not _SIZE.match(each["shown"])]
    able = [each for each in able if not _STATUS.search(each["shown"])]
    return [each["position"] for each in sorted(able, key=rank)]
