"""What the site says beside its pages: toasts, alerts, errors of a form, small dialogs.

The texts of 마켓 설정 and its dialogs were never recorded, so they are told apart by words, here.
"""

import re

from playwright.async_api import JSHandle, Page

_NOTICES = (
    ".ant-message-notice, .ant-notification-notice, .ant-alert, "
    ".ant-form-item-explain-error, .ant-modal-confirm, [role=alert]"
)
_REFUSAL = re.compile(
    r"실패|오류|에러|올바르지|유효하지|잘못|일치하지|없습니다|없는|않습니다|않았습니다|불가"
    r"|만료|초과|확인해|입력해|선택해|필수|error|fail|invalid",
    re.IGNORECASE,
)
_SUCCESS = re.compile(r"성공|완료|검증되었|검증됐|success", re.IGNORECASE)
_LONGEST = 200
_NOW = f"""() => [...document.querySelectorAll('{_NOTICES}')]
    .filter(notice => notice.getClientRects().length && notice.innerText.trim())"""
_KNOWN = f"() => new Map(({_NOW})().map(notice => [notice, notice.innerText]))"
_NEWS = f"""known => ({_NOW})().filter(notice => known.get(notice) !== notice.innerText)"""
_HAS_NEWS = f"known => ({_NEWS})(known).length > 0"
_TEXTS = f"known => ({_NEWS})(known).map(notice => notice.innerText)"
_PASS_BY = f"known => ({_NEWS})(known).forEach(notice => known.set(notice, notice.innerText))"


def is_refusal(text: str) -> bool:
    """Whether the site's words say no."""
    return bool(_REFUSAL.search(text))


def is_success(text: str) -> bool:
    """Whether the site's words say that it was done."""
    return bool(_SUCCESS.search(text)) and not is_refusal(text)


class Notices:
    """The notices that come after a moment: begin right before the click that may bring any."""

    def __init__(self, page: Page, known: JSHandle) -> None:
        self._page = page
        self._known = known

    @classmethod
    async def begin(cls, page: Page) -> "Notices":
        """Know what is in sight now: only another notice, or another text, will be news."""
        return cls(page, await page.evaluate_handle(_KNOWN))

    async def wait(self) -> None:
        """Wait without limit until there is news."""
        await self._page.wait_for_function(_HAS_NEWS, arg=self._known, timeout=0, polling=200)

    async def refused(self) -> None:
        """Wait without limit until the news says no."""
        while True:
            await self.wait()
            if await self.refusal() is not None:
                return
            await self.pass_by()

    async def texts(self) -> list[str]:
        """Read the news, white space folded."""
        texts = await self._page.evaluate(_TEXTS, self._known)
        return [" ".join(text.split())[:_LONGEST] for text in texts]

    async def refusal(self) -> str | None:
        """The first of the news that says no."""
        return next(filter(is_refusal, await self.texts()), None)

    async def pass_by(self) -> None:
        """Take what is in sight now for no news."""
        await self._page.evaluate(_PASS_BY, self._known)
