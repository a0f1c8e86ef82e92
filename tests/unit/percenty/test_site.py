import asyncio
from collections.abc import Callable

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.browser import CallWatcher
from percenty_batch.errors import FailureKind, ItemError, SignedOutError, WorkError
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
    "error", [ItemError(FailureKind.DATA, "없음"), SignedOutError(), asyncio.CancelledError()]
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
