"""The dialog 선택 상품 일괄 업로드 behind the toolbar's 업로드 (percenty-site §8)."""

import asyncio
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.boxes import MarketBoxes
from percenty_batch.percenty.bulk_progress import (
    BulkProgress,
    FailedProduct,
    ProgressWatch,
    progress_pattern,
)
from percenty_batch.percenty.notices import Notices
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.waiting import first_of

MOST_PER_UPLOAD = 50
_MOMENT_S = 2.0
_VERB = "업로드"
_TITLE = "선택 상품 일괄 업로드"
_QUESTION = "편집하지 않은 상품"
_STARTED = progress_pattern(_VERB)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadReport:
    """What the dialog told at its end. `is_finished` is False when it came to a standstill."""

    succeeded: int | None
    failed_count: int | None
    failed: tuple[FailedProduct, ...]
    is_finished: bool


class UploadDialog:
    """Uploads the products that are selected in the list."""

    def __init__(self, screen: Screen) -> None:
        page = screen.page
        self._screen = screen
        self._user = screen.user
        dialogs = page.get_by_role("dialog").filter(visible=True)
        # While it works, the dialog need not keep its title.
        self._dialog = dialogs.filter(has_text=re.compile(f"{_TITLE}|{_STARTED.pattern}")).last
        self._working = dialogs.filter(has_text=_STARTED).last
        self._question = (
            dialogs.filter(has_text=_QUESTION)
            .filter(has=page.get_by_role("button", name=_VERB, exact=True))
            .last
        )
        self._watch = ProgressWatch(screen.user, self._dialog, _VERB)

    async def choose_markets(self, keys: Iterable[str]) -> None:
        """Wait for the dialog and have exactly these markets checked."""
        await self._start_button().wait_for()
        await self._screen.idle(0.1)
        await MarketBoxes(self._user, self._dialog).check_only(keys)

    async def start(self, patience_s: float) -> None:
        """Start the upload, and say yes to uploading products that nobody edited.

        `patience_s`: how long the site may prepare it. Raises WorkError, with the site's own
        words if there are any, when it does not start.
        """
        notices = await Notices.begin(self._screen.page)
        mark, taken = self._screen.traffic.mark(), self._screen.traffic.changes_taken
        await self._user.click(self._start_button())
        try:
            async with asyncio.timeout(patience_s):
                if await self._next(notices, mark, taken) == 0:
                    yes = self._question.get_by_role("button", name=_VERB, exact=True)
                    await self._user.click(yes)
                    await self._question.wait_for(state="hidden")
                    await self._working.wait_for(timeout=0)
        except TimeoutError as error:
            raise WorkError(
                FailureKind.TIMEOUT,
                f"업로드가 {patience_s:g}초 안에 시작되지 않았습니다",
                effect_unknown=self._screen.traffic.changes_taken > taken,
            ) from error

    async def follow(
        self, stall_s: float, on_progress: Callable[[BulkProgress], None]
    ) -> UploadReport:
        """Watch the upload to its end and read the result; nothing is clicked meanwhile.

        `stall_s` limits the time without any progress.
        """
        progress, is_finished = await self._watch.to_the_end(stall_s, on_progress)
        return UploadReport(
            succeeded=progress.succeeded,
            failed_count=progress.failed,
            failed=await self._watch.failures() if is_finished else (),
            is_finished=is_finished,
        )

    async def leave(self) -> None:
        """Close the dialog; raises WorkError while it still works."""
        await self._watch.leave()

    async def _next(self, notices: Notices, mark: int, taken: int) -> int:
        """Wait for the question (0) or the progress (1); a refusal is raised.

        `mark` and `taken` are the traffic's failures and changes before the start.
        """
        traffic = self._screen.traffic
        while True:
            came = await first_of(
                self._question.wait_for(timeout=0),
                self._working.wait_for(timeout=0),
                notices.wait(),
                traffic.failed_after(mark),
            )
            if came < 2:
                return came
            failed = [call for call in traffic.failed_since(mark) if call.is_change]
            mark = traffic.mark()  # a failed look at something else is no refusal
            words = None if failed else await notices.refusal()
            if not failed and words is None:
                continue
            if (begun := await self._begun_all_the_same()) is not None:
                return begun
            raise WorkError(
                FailureKind.SITE_ERROR,
                f"사이트 오류: {failed[0]}" if failed else f"업로드가 시작되지 않았습니다: {words}",
                effect_unknown=traffic.changes_taken > taken,
            )

    async def _begun_all_the_same(self) -> int | None:
        """A hint that reads like a refusal may come before the progress; None: it was one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOMENT_S):
                return await first_of(self._question.wait_for(), self._working.wait_for())
        return None

    def _start_button(self) -> Locator:
        name = re.compile(rf"^(\w+ )?{_TITLE}$")
        return self._dialog.get_by_role("button", name=name).last
