"""The tab 가격: six spinbuttons without names, told apart by the text before them (§7 [H])."""

import re

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.fields import arrived, kept
from percenty_batch.percenty.drawer.frame import PRICE, Drawer

_DISCOUNT = "마켓 표기 할인율"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class PriceTab:
    """Reads and writes the discount that the markets show, in percent."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer

    async def open(self) -> float | None:
        """Open the tab and return the discount once it has come; None where the field is empty."""
        await self._drawer.open_tab(PRICE)
        field = self._field()
        await field.wait_for()
        return _number(await arrived(self._drawer, field))

    async def write_discount(self, rate: int) -> None:
        """Have the discount be `rate`, and see that the field keeps it when it is left."""
        shown = _number(await kept(self._drawer, self._field(), str(rate)))
        if shown != rate:
            raise ItemError(
                FailureKind.SITE_ERROR, f"할인율이 그대로 남지 않았습니다: {shown} ≠ {rate}"
            )

    def _field(self) -> Locator:
        """The next input after the label; an explanation may hold the words too, further on."""
        label = f".//*[starts-with(normalize-space(text()), '{_DISCOUNT}')]"
        return (
            self._drawer.body.locator(f"xpath={label}")
            .filter(visible=True)
            .first.locator("xpath=following::input[1]")
        )


def _number(text: str) -> float | None:
    found = _NUMBER.search(text.replace(",", ""))
    return float(found[0]) if found else None
