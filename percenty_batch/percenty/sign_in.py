"""The sign-in page and its outcomes (percenty-site §2).

Facts: `input#email`, `input#password`, button `이메일 로그인`; success is a URL without `/signin`.
The texts of the refusals were never recorded, so they are told apart by words, in one place here.
"""

import asyncio
import re

from playwright.async_api import Locator, Page

from percenty_batch.errors import FailureKind, SignInError
from percenty_batch.models import Account
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.traffic import Traffic
from percenty_batch.percenty.waiting import first_of

SIGN_IN_PATH = "signin"
_UNKNOWN_PAGE = "알 수 없는 로그인 화면입니다: "

_WORDS = {
    FailureKind.CAPTCHA: (
        r"captcha|캡[차챠]|자동\s*(입력|가입)\s*방지|보안\s*문자|로봇이\s*아닙니다"
    ),
    FailureKind.BLOCKED: (
        r"(IP|아이피).{0,20}차단|접속.{0,12}(차단|제한)"
        r"|비정상적인\s*(접근|접속)|너무\s*많은\s*요청"
    ),
    FailureKind.LOCKED: (
        r"잠금|잠긴|잠겼|잠겨|횟수.{0,6}초과|휴면"
        r"|(계정|로그인).{0,12}(정지|차단|비활성|제한)"
    ),
    FailureKind.WRONG_PASSWORD: (
        r"(비밀번호|패스워드|아이디|이메일|계정|회원).{0,24}"
        r"(올바르지|일치하지|틀렸|틀립|잘못|않습니다|없습니다|없는|확인)"
    ),
    FailureKind.SITE_ERROR: (
        r"오류|에러|실패|점검|장애|잠시\s*후"
        r"|Internal Server Error|Bad Gateway|Service Unavailable"
    ),
}
_KIND_OF_STATUS = {423: FailureKind.LOCKED, 429: FailureKind.BLOCKED}
_KNOWN = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _WORDS.items())
_REFUSAL = re.compile(
    "|".join(words for kind, words in _WORDS.items() if kind is not FailureKind.SITE_ERROR),
    re.IGNORECASE,
)
_NOTICES = (
    ".ant-message-notice, .ant-notification-notice, .ant-alert, "
    ".ant-form-item-explain-error, .ant-modal-confirm, [role=alert]"
)
_CAPTCHA_FRAME = (
    "iframe[src*=captcha i], iframe[title*=captcha i], iframe[src*=turnstile i], .g-recaptcha"
)


def refusal_kind(text: str) -> FailureKind | None:
    """Tell which refusal a text of the site is; None when it is none."""
    return next((kind for kind, pattern in _KNOWN if pattern.search(text)), None)


async def is_signed_in_already(screen: Screen) -> bool:
    """Whether the site led us away from its sign-in page, as it does with a valid sign-in."""
    left = screen.page.wait_for_url(_is_elsewhere, timeout=screen.timeout_s * 1000)
    asked = _settled_form(screen)
    return await first_of(left, asked) == 0


async def _settled_form(screen: Screen) -> None:
    """The form may show for a moment before the site has looked at a stored sign-in."""
    page = screen.page
    await (
        page.locator("input#email")
        .or_(page.locator(_CAPTCHA_FRAME))
        .or_(page.get_by_text(_REFUSAL))
        .first.wait_for(timeout=screen.timeout_s * 1000)
    )
    await screen.idle(0.2)


def _is_elsewhere(url: str) -> bool:
    return f"/{SIGN_IN_PATH}" not in url


async def sign_in(screen: Screen, account: Account) -> None:
    """Fill the form of the page that is open and wait for the outcome.

    Raises SignInError with the kind and the site's own words.
    """
    page, user = screen.page, screen.user
    try:
        async with asyncio.timeout(screen.timeout_s):
            await _wait_for_form(page)
            await user.fill(page.locator("input#email"), account.id)
            await user.fill(page.locator("input#password"), account.password, is_secret=True)
            await _submit(screen)
    except TimeoutError as error:
        raise _silent_outcome(screen.traffic, screen.timeout_s) from error


def _silent_outcome(traffic: Traffic, timeout_s: float) -> SignInError:
    """A refusal without words is a refusal: trying it again could lock the customer's account."""
    status = traffic.refused_with
    if status is None:
        return SignInError(
            FailureKind.TIMEOUT, f"로그인 응답이 {timeout_s:g}초 안에 오지 않았습니다"
        )
    kind = _KIND_OF_STATUS.get(status, FailureKind.WRONG_PASSWORD)
    return SignInError(kind, f"로그인이 거절되었습니다 (HTTP {status})")


async def _wait_for_form(page: Page) -> None:
    form = page.locator("input#email")
    await (
        form.or_(page.locator(_CAPTCHA_FRAME))
        .or_(page.get_by_text(_REFUSAL))
        .first.wait_for(timeout=0)
    )
    if not await form.is_visible():
        raise await refusal_on(page)


async def _submit(screen: Screen) -> None:
    page, traffic = screen.page, screen.traffic
    refusal = await _new_refusals(page)
    mark, traffic.refused_with = traffic.mark(), None
    await screen.user.click(page.get_by_role("button", name="이메일 로그인"))
    while True:
        left = page.wait_for_url(_is_elsewhere, timeout=screen.timeout_s * 1000)
        refused = refusal.filter(visible=True).first.wait_for(timeout=0)
        if await first_of(left, refused, traffic.failed_after(mark)) == 0:
            return
        if failures := traffic.failed_since(mark):
            raise SignInError(FailureKind.SITE_ERROR, f"로그인 중 사이트 오류: {failures[-1]}")
        error = await refusal_on(page, refusal)
        if error.kind is not FailureKind.PAGE_CHANGED:
            raise error
        refusal = refusal.filter(
            has_not_text=str(error).removeprefix(_UNKNOWN_PAGE)
        )  # a greeting, say


async def _new_refusals(page: Page) -> Locator:
    """What a refusal would look like, less what the page shows before we have asked."""
    marks = (
        page.locator(_NOTICES).filter(has_text=re.compile(r"\S")).or_(page.get_by_text(_REFUSAL))
    )
    shown_before = [text.strip() for text in await marks.all_inner_texts()]
    for text in filter(None, shown_before):
        marks = marks.filter(has_not_text=text)
    return marks.or_(page.locator(_CAPTCHA_FRAME))


async def refusal_on(page: Page, refusal: Locator | None = None) -> SignInError:
    """Read the page's own words and make them the error to raise."""
    if await page.locator(_CAPTCHA_FRAME).count():
        return SignInError(FailureKind.CAPTCHA, "자동 입력 방지(캡차) 화면이 나타났습니다")
    words = (refusal or page.get_by_text(_REFUSAL)).filter(visible=True)
    texts = [" ".join(text.split()) for text in await words.all_inner_texts()]
    for text in texts:
        if (kind := refusal_kind(text)) is not None:
            return SignInError(kind, text[:200])
    text = next(filter(None, texts), "")
    return SignInError(FailureKind.PAGE_CHANGED, f"{_UNKNOWN_PAGE}{text[:200]}")
