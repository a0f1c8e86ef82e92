"""The tab 옵션 (percenty-site §7)."""

import re

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.frame import OPTIONS, Drawer

_TOTAL = re.compile(r"총\s*([\d,]+)\s*개")
_SELECTED = re.compile(r"선택\s*([\d,]+)\s*개\s*옵션명")


class OptionsTab:
    """Reads how many options a product has."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer

    async def count(self) -> int:
        """Count the options.

        Where the site prints the number was never recorded (percenty-steps, step 1.4), so the
        cards themselves (`n/25` beside each name, 옵션 삭제) are counted, and the texts read.
        """
        await self._drawer.open_tab(OPTIONS)
        await self._drawer.traffic.idle(0.1, self._drawer.timeout_s)
        body = self._drawer.body
        cards = await body.get_by_role(
            "button", name=re.compile(r"^(delete\s+)?옵션 삭제$")
        ).count()
        names = (
            await body.get_by_text(re.compile(r"^\s*\d+\s*/\s*25\s*$")).filter(visible=True).count()
        )
        texts = (
            await body.get_by_text(re.compile(r"\d\s*개")).filter(visible=True).all_inner_texts()
        )
        told = max((count for text in texts for count in _told(text)), default=0)
        if count := max(cards, names, told):
            return count
        if await body.get_by_role("radio", name="옵션 상품등록").is_checked():
            raise ItemError(FailureKind.PAGE_CHANGED, "옵션 개수를 읽을 수 없습니다")
        return 0


def _told(text: str) -> list[int]:
    counts = [*_TOTAL.findall(text), *_SELECTED.findall(text)]
    return [int(count.replace(",", "")) for count in counts]
