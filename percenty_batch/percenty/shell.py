"""The frame of every page: the header's e-mail and the side menu (percenty-site §3, §4)."""

import re
import unicodedata

from playwright.async_api import Page

from percenty_batch.errors import FailureKind, SignInError
from percenty_batch.models import Account
from percenty_batch.percenty.screen import Screen

_EMAIL = re.compile(r"[^\s@()<>\[\],;:]+@[^\s@()<>\[\],;:]+\.[^\s@()<>\[\],;:]+")
_PARENT_OF = {
    "PRODUCT_GROUP": "상품 관리",
    "PRODUCT_REGISTER": "상품 관리",
    "PRODUCT_MANAGE": "상품 관리",
    "AI_PRODUCT_SOURCING": "상품 관리",
    "MARKET_SETTING": "업로드 설정",
}


async def check_account(page: Page, account: Account) -> None:
    """Compare the e-mail in the header with the account; any doubt stops the account.

    The header shows name and e-mail in `header.ant-layout-header .ant-typography` [H].
    """
    shown = page.locator("header.ant-layout-header .ant-typography").filter(has_text=_EMAIL)
    await shown.first.wait_for()
    emails = {
        _folded(email) for text in await shown.all_inner_texts() for email in _EMAIL.findall(text)
    }
    if _folded(account.id) not in emails:
        raise SignInError(
            FailureKind.WRONG_ACCOUNT,
            f"화면에는 {', '.join(sorted(emails))}(으)로 로그인되어 있습니다",
        )


def _folded(email: str) -> str:
    return unicodedata.normalize("NFC", email.strip()).casefold()


async def open_menu(screen: Screen, key: str) -> None:
    """Open a page by its menu key (`PRODUCT_GROUP`, …) and wait until the menu shows it chosen."""
    page, user = screen.page, screen.user
    item = page.locator(f'li[role="menuitem"][data-menu-id$="-{key}"]')
    if (parent := _PARENT_OF.get(key)) is not None:
        closed = page.locator('aside [role="menuitem"][aria-expanded="false"]').filter(
            has_text=re.compile(rf"^\s*{parent}\s*$")
        )
        await item.filter(visible=True).or_(closed.filter(visible=True)).first.wait_for()
        if await closed.count() and not await item.is_visible():
            await user.click(closed.first)
    await user.click_until(item, item.and_(page.locator(".ant-menu-item-selected")))
