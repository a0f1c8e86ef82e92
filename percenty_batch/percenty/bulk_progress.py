"""The progress that the bulk dialogs show while they work, and their table at the end [H].

Running: `16/20 업로드중..`, `16건 성공 / 0건 실패`, a progress bar. Done: `20/20 업로드 완료`,
`모든 업로드가 완료됐습니다.`, a table 퍼센티 상품 ID / 실패 내역. The delete dialog says 삭제.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.user_input import UserInput

_MOST_PAGES = 50  # of the table, should it show a single product on each
_KEY = re.compile(r"[0-9a-f]{24}", re.IGNORECASE)
_COUNTS = re.compile(r"([\d,]+)\s*건\s*성공\s*/\s*([\d,]+)\s*건\s*실패")
# What the dialog says, once that differs from `before`; nothing once it has left.
_READ = r"""([dialog, before]) => {
    const now = {
        text: dialog.getClientRects().length ? dialog.innerText.replace(/\s+/g, ' ').trim() : '',
        bar: dialog.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') ?? '',
    };
    return before && now.text === before.text && now.bar === before.bar ? null : now;
}"""
_TABLE = r"""dialog => {
    const text = cell => cell.innerText.replace(/\s+/g, ' ').trim();
    const rows = [...dialog.querySelectorAll('tbody tr')].filter(row => row.getClientRects().length
        && !row.matches('.ant-table-measure-row, .ant-table-placeholder'));
    return {
        heads: [...dialog.querySelectorAll('thead th')].map(text),
        rows: rows.map(row => [row.dataset.rowKey ?? '', ...[...row.cells].map(text)]),
    };
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkProgress:
    """What the dialog says at one moment. None: it does not say."""

    handled: int | None
    total: int | None
    succeeded: int | None
    failed: int | None
    is_finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedProduct:
    """One line of the dialog's table: a product by its 24-hex key, and the site's reason."""

    key: str
    reason: str


def progress_pattern(verb: str) -> re.Pattern[str]:
    """What only a dialog shows that was started."""
    return re.compile(rf"[\d,]+\s*/\s*[\d,]+\s*{verb}\s*(중|완료)|{_all_is_done(verb)}")


def read_progress(text: str, verb: str) -> BulkProgress:
    """Read the dialog's text; `verb` is 업로드 or 삭제."""
    found = re.search(rf"([\d,]+)\s*/\s*([\d,]+)\s*{verb}\s*(중|완료)", text)
    counts = _COUNTS.search(text)
    handled, total = (_number(found[1]), _number(found[2])) if found else (None, None)
    says_all = re.search(_all_is_done(verb), text) is not None
    is_complete = found is not None and found[3] == "완료" and handled == total
    return BulkProgress(
        handled=handled,
        total=total,
        succeeded=_number(counts[1]) if counts else None,
        failed=_number(counts[2]) if counts else None,
        is_finished=says_all or is_complete,
    )


def _all_is_done(verb: str) -> str:
    """A hint may say 모든 업로드가 완료될 때까지: only the past counts."""
    return rf"모든\s*(상품\s*)?{verb}[가이]?\s*완료\s*(됐|되었|했|하였)습니다"


def failed_products(
    heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[FailedProduct, ...]:
    """Read the table's rows, each a row key and its cells; a row without a reason is no failure."""
    at_key, at_reason = _position(heads, "상품 ID", 0), _position(heads, "실패 내역", 1)
    failed = []
    for row_key, *cells in rows:
        told = cells[at_key] if at_key < len(cells) else ""
        key = _KEY.search(told) or _KEY.search(row_key)
        reason = cells[at_reason] if at_reason < len(cells) else ""
        if key is not None and reason.strip("- "):
            failed.append(FailedProduct(key=key[0], reason=reason))
    return tuple(failed)


class ProgressWatch:
    """Watches one dialog that works, and reads what it tells at the end."""

    def __init__(self, user: UserInput, dialog: Locator, verb: str) -> None:
        self._user = user
        self._dialog = dialog
        self._verb = verb

    async def read(self) -> BulkProgress:
        """Read what the dialog says now."""
        return read_progress((await self._seen())["text"], self._verb)

    async def to_the_end(
        self, stall_s: float, on_progress: Callable[[BulkProgress], None]
    ) -> tuple[BulkProgress, bool]:
        """Follow the progress; False with it when nothing moved for `stall_s`.

        Raises WorkError when the dialog leaves before it has finished.
        """
        while True:
            handle = await self._dialog.element_handle()
            seen = await self._seen()
            progress = read_progress(seen["text"], self._verb)
            on_progress(progress)
            if progress.is_finished:
                return progress, True
            try:
                await self._dialog.page.wait_for_function(
                    _READ, arg=[handle, seen], timeout=stall_s * 1000, polling=200
                )
            except PlaywrightTimeoutError:
                return progress, False
            if not await self._dialog.is_visible():
                raise WorkError(
                    FailureKind.PAGE_CHANGED,
                    f"{self._verb} 창이 끝나기 전에 닫혔습니다",
                    effect_unknown=True,
                )

    async def failures(self) -> tuple[FailedProduct, ...]:
        """Read the table of failures, all its pages."""
        failed: dict[str, FailedProduct] = {}
        turn = self._dialog.locator(
            'li[title="다음 페이지"]:not(.ant-pagination-disabled):not([aria-disabled="true"])'
        )
        for _ in range(_MOST_PAGES):
            table = await self._dialog.evaluate(_TABLE)
            for each in failed_products(table["heads"], table["rows"]):
                failed.setdefault(each.key, each)
            if not await turn.count():
                break
            await self._user.click(turn.first)
        return tuple(failed.values())

    async def leave(self) -> None:
        """Close the finished dialog; raises WorkError while it still works, as that would abort."""
        if not (await self.read()).is_finished:
            raise WorkError(
                FailureKind.PAGE_CHANGED, f"{self._verb} 창이 아직 끝나지 않아 닫지 않습니다"
            )
        button = self._dialog.get_by_role("button", name="닫기", exact=True)
        if not await button.count():
            button = self._dialog.locator(".ant-modal-close")
        await self._user.click(button.last)
        await self._dialog.wait_for(state="hidden")

    async def _seen(self) -> dict[str, Any]:
        dialog = await self._dialog.element_handle()
        seen: dict[str, Any] = await self._dialog.page.evaluate(_READ, [dialog, None])
        return seen


def _position(heads: Sequence[str], title: str, usual: int) -> int:
    return next((number for number, head in enumerate(heads) if title in head), usual)


def _number(text: str) -> int:
    return int(text.replace(",", ""))
