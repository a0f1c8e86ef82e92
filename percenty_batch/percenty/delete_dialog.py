"""The dialog 선택 상품 일괄 삭제 behind the toolbar's 삭제 (percenty-site §8).

Its default deletes the products from Percenty and from every market.
"""

import re
from collections.abc import Callable, Iterable
from enum import Enum

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.boxes import MarketBoxes
from percenty_batch.percenty.bulk_progress import BulkProgress, ProgressWatch, progress_pattern
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.select import choose

_VERB = "삭제"
_TITLE = "선택 상품 일괄 삭제"
_STARTED = progress_pattern(_VERB)


class DeleteScope(Enum):
    """The three options by their whole texts [H]."""

    EVERYWHERE = "1. 퍼센티 및 모든 마켓에서 상품 삭제"
    FROM_MARKETS = "2. 선택 마켓에서 상품 삭제하기"
    UPLOAD_INFO = "3. 퍼센티에서 해당 마켓 업로드 정보만 삭제하기"


class DeleteDialog:
    """Deletes the products that are selected in the list, or what is known of their upload."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._user = screen.user
        self._dialog = (
            screen.page.get_by_role("dialog")
            .filter(visible=True)
            .filter(has_text=re.compile(f"{_TITLE}|{_STARTED.pattern}"))
            .last
        )
        self._watch = ProgressWatch(screen.user, self._dialog, _VERB)

    async def delete(
        self,
        scope: DeleteScope,
        markets: Iterable[str],
        *,
        may_delete: bool,
        stall_s: float,
        on_progress: Callable[[BulkProgress], None],
    ) -> BulkProgress:
        """Choose the option and the markets, see both stand there, start, and follow to the end.

        `may_delete` has to be True: nothing of this can be taken back. `markets` are tab keys;
        with EVERYWHERE they are not asked for. Raises WorkError before anything is deleted when
        the dialog does not show what was chosen.
        """
        if not may_delete:
            raise WorkError(FailureKind.DATA, "삭제가 허용되지 않은 작업입니다")
        wanted = frozenset(markets)
        await self._start_button().wait_for()
        await self._choose(scope)
        if scope is not DeleteScope.EVERYWHERE:
            await MarketBoxes(self._user, self._dialog).check_only(wanted)
        await self._check_option(scope)
        await self._user.click(self._start_button())
        await self._dialog.filter(has_text=_STARTED).wait_for()
        progress, is_finished = await self._watch.to_the_end(stall_s, on_progress)
        if not is_finished:
            raise WorkError(FailureKind.TIMEOUT, "삭제가 더 진행되지 않습니다", effect_unknown=True)
        return progress

    async def leave(self) -> None:
        """Close the dialog; raises WorkError while it still works."""
        await self._watch.leave()

    async def _choose(self, scope: DeleteScope) -> None:
        if await self._option() != scope.value:
            text = re.compile(rf"^\s*{re.escape(scope.value)}\s*$")
            await choose(self._user, self._select(), text, scope.value)

    async def _check_option(self, scope: DeleteScope) -> None:
        """The last look before the click."""
        if (shown := await self._option()) != scope.value:
            raise WorkError(
                FailureKind.PAGE_CHANGED,
                f"삭제 방법이 '{scope.value}'(이)가 아니라 '{shown}'입니다",
            )

    async def _option(self) -> str:
        text = await self._select().locator(".ant-select-selection-item").inner_text()
        return " ".join(text.split())

    def _select(self) -> Locator:
        return self._dialog.locator(".ant-select").first

    def _start_button(self) -> Locator:
        return self._dialog.get_by_role("button", name=re.compile(rf"^(\w+ )?{_TITLE}$")).last
