"""The tab 옵션 (percenty-site §7)."""

import re

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.frame import OPTIONS, Drawer

_TOTAL = re.compile(r"총\s*([\d,]+)\s*개")
_SELECTED = re.compile(r"선택\s*([\d,]+)\s*개\s*옵션명")
_REMOVE = re.compile(r"^(delete\s+)?옵션 삭제$")
_LENGTH = re.compile(r"^\s*\d+\s*/\s*25\s*$")


class OptionsTab:
    """Reads how many options a product has."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer

    async def count(self) -> int:
        """Count the options once two readings agree; zero only after a silence of the site.

        Where the site prints the number was never recorded (percenty-steps, step 1.4), so the
        cards themselves (`n/25` beside each name, 옵션 삭제) are counted, and the texts read.
        """
        await self._drawer.open_tab(OPTIONS)
        before = -1
        for silence_s in (0.0, 0.2, 1.0, 2.0, 4.0):
            await self._drawer.screen.idle(silence_s)
            count = await self._read()
            if count == before and (count or silence_s >= 1.0):
                break
            before = count
        else:
            raise ItemError(FailureKind.PAGE_CHANGED, "옵션 개수가 계속 바뀝니다")
        if not count and await self._has_options():
            raise ItemError(FailureKind.PAGE_CHANGED, "옵션 개수를 읽을 수 없습니다")
        return count

    async def _read(self) -> int:
        body = self._drawer.body
        cards = await body.get_by_role("button", name=_REMOVE).count()
        names = await body.get_by_text(_LENGTH).filter(visible=True).count()
        texts = body.get_by_text(re.compile(r"\d\s*개")).filter(visible=True)
        told = [count for text in await texts.all_inner_texts() for count in _told(text)]
        return max(cards, names, *told, 0)

    async def _has_options(self) -> bool:
        radio = self._drawer.body.get_by_role("radio", name="옵션 상품등록")
        return await radio.count() > 0 and await radio.first.is_checked()


def _told(text: str) -> list[int]:
    counts = [*_TOTAL.findall(text), *_SELECTED.findall(text)]
    return [int(count.replace(",", "")) for count in counts]
