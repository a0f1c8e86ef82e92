"""Checkboxes of the markets in the bulk dialogs (percenty-site §8; ids [S], values [H])."""

from collections.abc import Iterable

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.markets import MARKETS
from percenty_batch.percenty.user_input import UserInput

_AUCTION = "at"  # a box of the delete dialog alone
KNOWN_KEYS = frozenset({*(market.key for market in MARKETS), _AUCTION})


class MarketBoxes:
    """The market checkboxes of one dialog."""

    def __init__(self, user: UserInput, dialog: Locator) -> None:
        self._user = user
        self._dialog = dialog

    async def check_only(self, keys: Iterable[str]) -> None:
        """Have exactly these markets checked; raises WorkError where that cannot be."""
        wanted = frozenset(keys)
        for key in sorted(KNOWN_KEYS):
            await self._set(key, is_checked=key in wanted)
        if (checked := await self.checked()) != wanted:
            raise WorkError(
                FailureKind.PAGE_CHANGED,
                f"마켓 선택이 다릅니다: {_told(checked)} (선택하려던 마켓: {_told(wanted)})",
            )

    async def checked(self) -> frozenset[str]:
        """Read which markets are checked."""
        boxes = {key: self._box(key) for key in KNOWN_KEYS}
        return frozenset(
            [key for key, box in boxes.items() if await box.count() and await box.is_checked()]
        )

    async def _set(self, key: str, *, is_checked: bool) -> None:
        box = self._box(key)
        if not await box.count() or await box.is_checked() is is_checked:
            return
        if not await box.is_enabled():
            return  # the comparison that follows tells
        label = box.locator("xpath=ancestor::label[1]")
        await self._user.click(label if await label.count() else box)
        state = ":checked" if is_checked else ":not(:checked)"
        await box.and_(box.page.locator(state)).wait_for(state="attached")

    def _box(self, key: str) -> Locator:
        by_value = f'input[type="checkbox"][value="{key}"]'
        return self._dialog.locator(f'input[id="{key}"], {by_value}').first


def _told(keys: Iterable[str]) -> str:
    return ", ".join(sorted(keys)) or "없음"
