"""What the site says beside its pages: toasts, alerts, errors of a form, small dialogs.

The texts of 마켓 설정 and its dialogs were never recorded, so they are told apart by words, here.
"""

import re

from playwright.async_api import JSHandle, Page

_REFUSAL = re.compile(
    r"실패|오류|에러|올바르지|유효하지|잘못|일치하지|없습니다|없는|않습니다|않았습니다|불가"
    r"|만료|초과|확인해|입력해|선택해|필수|error|fail|invalid",
    re.IGNORECASE,
)
_SUCCESS = re.compile(r"성공|완료|검증되었|검증됐|success", re.IGNORECASE)
# Notices that are not `known`, or that say something else now, each with its text.
_NEWS = r"""known => {
    const notices = '.ant-message-notice, .ant-notification-notice, .ant-alert, '
        + '.ant-form-item-explain-error, .ant-modal-confirm, [role=alert]';
    const news = [...document.querySelectorAll(notices)]
        .filter(notice => notice.getClientRects().length)
        .map(notice => [notice, notice.innerText.replace(/\s+/g, ' ').trim()])
        .filter(([notice, text]) => text
            && !(known ?? []).some(each => each[0] === notice && each[1] === text));
    return news.length ? news : null;
}"""
_TEXTS = "news => (news ?? []).map(([, text]) => text)"
_JOINED = "([known, news]) => [...(known ?? []), ...(news ?? [])]"


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
        self._said: list[str] = []

    @classmethod
    async def begin(cls, page: Page) -> "Notices":
        """Know what is in sight now: only another notice, or another text, will be news."""
        return cls(page, await page.evaluate_handle(_NEWS, None))

    async def wait(self) -> None:
        """Wait without limit until there is news."""
        await self._page.wait_for_function(_NEWS, arg=self._known, timeout=0, polling=200)

    async def take(self) -> list[str]:
        """Read the news, white space folded; what was read is none any more."""
        news = await self._page.evaluate_handle(_NEWS, self._known)
        texts: list[str] = await news.evaluate(_TEXTS)
        self._known = await self._page.evaluate_handle(_JOINED, [self._known, news])
        self._said += texts
        return texts

    async def refused(self) -> None:
        """Wait without limit until the news says no."""
        while await self.refusal() is None:
            await self.wait()

    async def refusal(self) -> str | None:
        """The first of all that was said so far that says no."""
        await self.take()
        return next(filter(is_refusal, self._said), None)
