"""What the site says beside its pages: toasts, alerts, errors of a form, small dialogs.

The texts of 마켓 설정 and its dialogs were never recorded, so they are told apart by words, here.
"""

import re
from contextlib import suppress

from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

_TOASTS = ".ant-message-notice, .ant-notification-notice"
_NOTICES = f"{_TOASTS}, .ant-alert, .ant-form-item-explain-error, .ant-modal-confirm, [role=alert]"
_REFUSAL = re.compile(
    r"실패|오류|에러|올바르지|유효하지|잘못|일치하지|없습니다|없는|않습니다|않았습니다|불가"
    r"|만료|초과|확인해|입력해|선택해|필수|error|fail|invalid",
    re.IGNORECASE,
)
_SUCCESS = re.compile(r"성공|완료|검증되었|검증됐|success", re.IGNORECASE)
_TOAST_MS = 5000
_LONGEST = 200


def is_refusal(text: str) -> bool:
    """Whether the site's words say no."""
    return bool(_REFUSAL.search(text))


def is_success(text: str) -> bool:
    """Whether the site's words say that it was done."""
    return bool(_SUCCESS.search(text)) and not is_refusal(text)


class Notices:
    """The notices that come after a moment: make one right before the click that may bring any."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._new = page.locator(_NOTICES).filter(has_text=re.compile(r"\S"))

    async def begin(self) -> "Notices":
        """Let old toasts leave, and know the other notices that are there already."""
        with suppress(PlaywrightTimeoutError):
            toast = self._page.locator(_TOASTS).filter(visible=True).last
            await toast.wait_for(state="hidden", timeout=_TOAST_MS)
        for text in await self._new.filter(visible=True).all_inner_texts():
            self.pass_by(text)
        return self

    def pass_by(self, text: str) -> None:
        """Take this text for no news."""
        self._new = self._new.filter(has_not_text=" ".join(text.split()))

    @property
    def shown(self) -> Locator:
        return self._new.filter(visible=True).first

    async def wait(self) -> None:
        """Wait without limit until there is news."""
        await self.shown.wait_for(timeout=0)

    async def texts(self) -> list[str]:
        """Read the news, white space folded."""
        texts = await self._new.filter(visible=True).all_inner_texts()
        folded = (" ".join(text.split())[:_LONGEST] for text in texts)
        return [text for text in folded if text]

    async def refusal(self) -> str | None:
        """The first of the news that says no."""
        return next(filter(is_refusal, await self.texts()), None)

    async def refused(self) -> None:
        """Wait without limit until the news says no."""
        await self._new.filter(visible=True).filter(has_text=_REFUSAL).first.wait_for(timeout=0)
