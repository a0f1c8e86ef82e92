import asyncio
from collections.abc import Callable
from typing import Self

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.browser import CallWatcher
from percenty_batch.errors import (
    FailureKind,
    ItemError,
    LeaseLostError,
    LedgerError,
    PercentyBatchError,
    SignedOutError,
    WorkError,
)
from percenty_batch.percenty import PercentySite
from percenty_batch.settings import SiteSettings
from tests.unit.jobs.fakes import FakeSession

API = "https://api.percenty.co.kr/products"


@pytest.fixture
def session() -> FakeSession:
    return FakeSession("a@example.com")


@pytest.fixture
def site(session: FakeSession) -> PercentySite:
    return PercentySite(session, SiteSettings())


def sign_in(site: PercentySite) -> None:
    site._traffic.is_signed_in = True


def answer(watcher: CallWatcher, status: int) -> None:
    watcher.started("call", method="PUT", url=API, kind="fetch")
    watcher.answered("call", method="PUT", url=API, status=status)
    watcher.ended("call")


async def fail_with(error: BaseException) -> None:
    raise error


async def test_the_answer_of_the_work_comes_through(site: PercentySite) -> None:
    async def count() -> int:
        return 7

    assert await site.fenced(count(), name="count") == 7


@pytest.mark.parametrize(
    "error",
    [
        ItemError(FailureKind.DATA, "없음"),
        SignedOutError(),
        LedgerError("없음"),
        asyncio.CancelledError(),
    ],
)
async def test_our_own_errors_and_cancellation_pass_as_they_are(
    site: PercentySite, error: BaseException
) -> None:
    with pytest.raises(type(error)) as caught:
        await site.fenced(fail_with(error), name="fail")
    assert caught.value is error or isinstance(error, asyncio.CancelledError)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (PlaywrightError("Page crashed"), FailureKind.BROWSER_CRASHED),
        (PlaywrightError("net::ERR_CONNECTION_RESET"), FailureKind.SITE_ERROR),
        (KeyError("x"), FailureKind.UNKNOWN),
    ],
)
async def test_every_foreign_error_becomes_one_of_ours(
    site: PercentySite, error: Exception, kind: FailureKind
) -> None:
    with pytest.raises(WorkError) as caught:
        await site.fenced(fail_with(error), name="fail")
    assert (caught.value.kind, caught.value.__cause__) == (kind, error)


@pytest.mark.parametrize("error", [TimeoutError(), PlaywrightTimeoutError("Timeout 20000ms")])
async def test_a_time_out_is_explained_by_what_the_site_did(
    site: PercentySite, session: FakeSession, error: Exception
) -> None:
    async def kind_after(cause: Callable[[], object]) -> FailureKind:
        async def work() -> None:
            cause()
            raise error

        with pytest.raises(WorkError) as caught:
            await site.fenced(work(), name="work")
        return caught.value.kind

    assert await kind_after(lambda: None) is FailureKind.PAGE_CHANGED
    assert await kind_after(lambda: answer(session.watcher, 500)) is FailureKind.SITE_ERROR
    # An error of the site before this work explains nothing.
    assert await kind_after(lambda: None) is FailureKind.PAGE_CHANGED
    hang = {"method": "GET", "url": API, "kind": "fetch"}
    assert await kind_after(lambda: session.watcher.started("x", **hang)) is FailureKind.TIMEOUT


async def test_a_time_out_on_the_sign_in_page_means_signed_out(
    site: PercentySite, session: FakeSession
) -> None:
    session.page.url = "https://www.percenty.co.kr/signin"
    sign_in(site)
    with pytest.raises(SignedOutError):
        await site.fenced(fail_with(TimeoutError()), name="work")


async def test_the_end_of_the_sign_in_ends_the_work_at_once(
    site: PercentySite, session: FakeSession
) -> None:
    sign_in(site)
    was_cancelled = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            was_cancelled.set()
            raise

    asyncio.get_running_loop().call_later(1.0, answer, session.watcher, 401)
    with pytest.raises(SignedOutError):
        await site.fenced(work(), name="work")

    assert was_cancelled.is_set()
    assert asyncio.get_running_loop().time() == pytest.approx(1.0)


async def test_a_cancellation_from_outside_waits_until_the_work_has_ended(
    site: PercentySite,
) -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(5)
            ended.set()

    caller = asyncio.create_task(site.fenced(work(), name="work"))
    await asyncio.sleep(1)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended.is_set()


class Lease:
    """A fence that stands open until the lease is lost."""

    def __init__(self, refusal: PercentyBatchError) -> None:
        self.is_lost = False
        self._refusal = refusal

    async def fence(self) -> None:
        if self.is_lost:
            raise self._refusal


@pytest.mark.parametrize("refusal", [LeaseLostError(), LedgerError("원장에 쓸 수 없습니다")])
async def test_a_refused_action_ends_the_work_and_all_that_would_follow(
    session: FakeSession, refusal: PercentyBatchError
) -> None:
    lease = Lease(refusal)
    site = PercentySite(session, SiteSettings(), fence=lease.fence)
    lease.is_lost = True
    with pytest.raises(type(refusal)):
        await site.start_over()
    with pytest.raises(type(refusal)):
        await site.fenced(asyncio.sleep(3600), name="the next item")


class Popup:
    """The button of a dialog that offers never to be shown again."""

    was_closed = False

    async def evaluate(self, _script: str) -> None:
        self.was_closed = True


class Popups:
    """The locator of the open ones, and of whatever is in them."""

    def __init__(self, popups: list[Popup]) -> None:
        self._popups = popups
        self.first = self.last = self

    def filter(self, **_conditions: object) -> Self:
        return self

    def get_by_text(self, _text: str, **_conditions: object) -> Self:
        return self

    async def count(self) -> int:
        return len(self._popups)

    async def element_handle(self, **_options: object) -> Popup:
        return self._popups[-1]


async def test_a_refusal_in_a_handler_ends_the_work_that_it_interrupted(
    session: FakeSession,
) -> None:
    lease = Lease(LeaseLostError())
    site = PercentySite(session, SiteSettings(), fence=lease.fence)
    popups = [Popup()]
    session.page.get_by_role = lambda *_, **__: Popups(popups)
    session.page.get_by_text = lambda *_, **__: Popups(popups)

    async def work() -> None:
        lease.is_lost = True
        await site._close_marketing()
        await asyncio.sleep(3600)

    with pytest.raises(LeaseLostError):
        await site.fenced(work(), name="work")
    assert not popups[0].was_closed
