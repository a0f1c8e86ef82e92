"""The dialog 상품 그룹핑/제외하기 behind 그룹 지정 (percenty-site §6)."""

from contextlib import suppress

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.groups import group_pattern
from percenty_batch.percenty.screen import Screen

_QUIET_S = 0.1
_MOMENT_MS = 3000
_MOST_CHOICES = 3


class GroupDialog:
    """Assigns a group to the products that are selected in the list."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._user = screen.user
        self._dialog = screen.page.get_by_role("dialog").filter(has_text="상품 그룹핑/제외하기")
        self._switch = self._dialog.get_by_role("switch")
        self._on = self._switch.and_(screen.page.locator('[aria-checked="true"]'))

    async def assign(self, group: str) -> str:
        """Choose the group and confirm; returns the site's own label once the dialog is gone.

        Raises WorkError before anything is done when the dialog does not show it chosen.
        """
        await self._dialog.wait_for()
        await self._screen.idle(_QUIET_S)  # its groups are fetched, and may be drawn anew
        labels = self._dialog.locator("label.ant-radio-wrapper")
        label = labels.filter(has_text=group_pattern(group)).first
        with suppress(PlaywrightTimeoutError):
            await label.wait_for(timeout=_MOMENT_MS)
        if not await label.count():
            raise WorkError(FailureKind.DATA, f"그룹 지정 창에 '{group}' 그룹이 없습니다")
        text = (await label.inner_text()).strip()
        await self._choose(label, group)
        await self._user.click(self._dialog.get_by_role("button", name="확인", exact=True))
        await self._dialog.wait_for(state="hidden")
        return text

    async def _choose(self, label: Locator, group: str) -> None:
        """Choose until the dialog still shows it when the site is silent."""
        chosen = label.locator("input:checked")
        for _ in range(_MOST_CHOICES):
            with suppress(PlaywrightTimeoutError):
                if not await self._on.count():
                    await self._user.click(self._switch)
                    await self._on.wait_for(timeout=_MOMENT_MS)
                if not await chosen.count():
                    await self._user.click(label)
                    await chosen.wait_for(state="attached", timeout=_MOMENT_MS)
            await self._screen.idle(_QUIET_S)
            if await self._on.count() and await chosen.count():
                return
        raise WorkError(
            FailureKind.PAGE_CHANGED, f"그룹 지정 창에서 '{group}' 그룹이 선택되지 않았습니다"
        )
