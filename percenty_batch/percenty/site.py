"""One account's signed-in site: the door of this room for steps and jobs."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urljoin

from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Page, Session, fenced, translate
from percenty_batch.errors import FailureKind, PercentyBatchError, SignedOutError, WorkError
from percenty_batch.models import Account
from percenty_batch.percenty.drawer import Drawer
from percenty_batch.percenty.group_products import GroupProducts
from percenty_batch.percenty.market_settings import MarketSettings
from percenty_batch.percenty.overlays import (
    clear_the_way,
    close_all_dialogs,
    close_marketing,
    in_the_way,
)
from percenty_batch.percenty.product_list import COLLECTED, MANAGED, ProductList
from percenty_batch.percenty.product_rows import ListedProduct
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.shell import check_account
from percenty_batch.percenty.sign_in import SIGN_IN_PATH, is_signed_in_already, sign_in
from percenty_batch.percenty.traffic import Traffic
from percenty_batch.percenty.user_input import Fence, UserInput, allow_all
from percenty_batch.settings import SiteSettings

_T = TypeVar("_T")


class PercentySite:
    """The site in one session. Every call of it goes through `fenced`.

    `fence` is awaited before every click, key and page load; what it raises ends the work.
    """

    def __init__(
        self, session: Session, settings: SiteSettings, *, fence: Fence = allow_all
    ) -> None:
        base_url = settings.base_url
        self._session = session
        self._settings = settings
        self._page = session.page
        self._watches_overlays = False
        self._traffic = Traffic(base_url.host or "")
        session.watch_calls(self._traffic)
        self._screen = Screen(
            page=self._page,
            traffic=self._traffic,
            user=UserInput(self._page, fence),
            timeout_s=settings.action_timeout_s,
        )
        self.products = GroupProducts(self._screen)
        self.collected = ProductList(self._screen, COLLECTED)
        self.managed = ProductList(self._screen, MANAGED)
        self.markets = MarketSettings(self._screen)

    def last_actions(self) -> tuple[str, ...]:
        """Tell what was last done on the page, oldest first, one line each; no passwords."""
        return self._screen.user.last_actions

    def failed_calls(self) -> tuple[str, ...]:
        """Tell which of the site's calls failed, oldest first, one line each."""
        return tuple(map(str, self._traffic.failed_since(0)))

    def own_page(self, log: FilteringBoundLogger) -> Page:
        """Give the page to a step of the user's own: each awaited call first asks the fence."""
        return fenced(self._page, self._screen.user.allow, log)

    async def watch_overlays(self) -> None:
        """Have what the site puts in the way closed before each action on an own page."""
        if not self._watches_overlays:
            self._watches_overlays = True
            await self._session.close_overlays(in_the_way(self._page), self._close_marketing)

    def note_action(self, name: str) -> None:
        """Have the name of an action stand among the last ones of a failure's evidence."""
        self._screen.user.note("동작", name)

    async def sign_in(self, account: Account) -> bool:
        """Sign in, or go on with a stored sign-in. True when the form was needed.

        Raises SignInError with its kind; the account that the header shows is compared before
        anything else happens.
        """
        return await self.fenced(self._sign_in(account), name=f"sign in {account.id}")

    async def start_over(self) -> None:
        """Load the site anew: no dialog, drawer or half-typed text survives."""
        await self.fenced(self._start_over(), name="start over")

    async def open_drawer(self, product: ListedProduct) -> Drawer:
        """Open the product's drawer from 그룹 상품 관리. Call it inside `fenced` work."""
        return await self.open_drawer_from(self.products, product)

    async def open_drawer_from(
        self, products: GroupProducts | ProductList, product: ListedProduct
    ) -> Drawer:
        """Open the product's drawer from the list that is open. Call it inside `fenced` work."""
        drawer = Drawer(self._screen)
        await products.open_product(product)
        await drawer.wait_open()
        return drawer

    async def fenced(self, work: Coroutine[Any, Any, _T], *, name: str) -> _T:
        """Run work on the page; every foreign error comes out as a WorkError.

        The work is cancelled at once when the site ends our sign-in or the fence refuses us,
        instead of waiting for what will never appear.
        """
        mark, user = self._traffic.mark(), self._screen.user
        task = asyncio.create_task(work, name=name)
        signed_out = asyncio.create_task(self._traffic.signed_out.wait(), name="signed out?")
        refused = asyncio.create_task(user.refused.wait(), name="refused?")
        try:
            await asyncio.wait({task, signed_out, refused}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise user.refusal or SignedOutError()
            return task.result()
        except (PercentyBatchError, asyncio.CancelledError):
            raise
        except Exception as error:
            raise self._explained(error, mark) from error
        finally:
            await _cancel(task, signed_out, refused)

    async def _sign_in(self, account: Account) -> bool:
        screen = replace(self._screen, timeout_s=self._settings.sign_in_timeout_s)
        await screen.user.go_to(self.url(SIGN_IN_PATH), timeout_s=screen.timeout_s)
        is_needed = not await is_signed_in_already(screen)
        if is_needed:
            await sign_in(screen, account)
        await check_account(self._page, account)
        self._traffic.is_signed_in = True
        await close_all_dialogs(self._screen)
        self._screen.user.keep_clear(partial(clear_the_way, self._screen))
        return is_needed

    async def _start_over(self) -> None:
        self._traffic.forget()
        await self._screen.user.go_to(self.url(""))
        await self._page.locator("header.ant-layout-header").wait_for()
        await self._screen.idle(0.3)
        await close_all_dialogs(self._screen)

    async def _close_marketing(self) -> None:
        with suppress(PercentyBatchError):  # a refusal, which ends the work by itself
            await close_marketing(self._screen)

    def url(self, path: str) -> str:
        """Give the address of a page, from the site's base address."""
        return urljoin(str(self._settings.base_url), path)

    def _explained(self, error: Exception, mark: int) -> WorkError:
        """Say more than `timeout` where the site's traffic knows more."""
        failure = translate(error)
        if failure.kind is not FailureKind.TIMEOUT:
            return failure
        if self._traffic.is_signed_in and f"/{SIGN_IN_PATH}" in self._page.url:
            return SignedOutError()
        if failed := self._traffic.failed_since(mark):
            return WorkError(FailureKind.SITE_ERROR, f"사이트 오류: {failed[-1]}")
        if self._traffic.is_waiting:
            return WorkError(FailureKind.TIMEOUT, "사이트가 제한 시간 안에 응답하지 않았습니다")
        return WorkError(FailureKind.PAGE_CHANGED, f"화면에서 찾을 수 없습니다: {failure}")


async def _cancel(*tasks: "asyncio.Task[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
