"""The tab 가격: six spinbuttons without names, told apart by the text before them (§7 [H])."""

import re

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.frame import PRICE, Drawer

_DISCOUNT = "마켓 표기 할인율"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class PriceTab:
    """Reads and writes the discount that the markets show, in percent."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer

    async def open(self) -> float | None:
        """Open the tab and return the discount; None where the field is empty."""
        await self._drawer.open_tab(PRICE)
        await self._field().wait_for()
        if not await self._field().input_value():
            await self._drawer.screen.idle(0.5)
        return await self._read()

    async def write_discount(self, rate: int) -> None:
        """Have the discount be `rate`, and see that the field keeps it when it is left."""
        field = self._field()
        await self._drawer.user.fill(field, str(rate))
        await self._drawer.user.press(field, "Tab")
        await self._drawer.saved()
        if (kept := await self._read()) != rate:
            raise ItemError(
                FailureKind.SITE_ERROR, f"할인율이 그대로 남지 않았습니다: {kept} ≠ {rate}"
            )

    async def _read(self) -> float | None:
        found = _NUMBER.search((await self._field().input_value()).replace(",", ""))
        return float(found[0]) if found else None

    def _field(self) -> Locator:
        """The next input after the label; an explanation may hold the words too, further on."""
        label = f".//*[starts-with(normalize-space(text()), '{_DISCOUNT}')]"
        return (
            self._drawer.body.locator(f"xpath={label}")
            .filter(visible=True)
            .first.locator("xpath=following::input[1]")
        )
