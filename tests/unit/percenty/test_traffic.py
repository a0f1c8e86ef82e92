import asyncio
from itertools import count

import pytest

from percenty_batch.percenty.traffic import Traffic

QUIET_S, TIMEOUT_S = 0.5, 20.0


class Calls:
    """Plays the session's handlers: what the page asks and what it is answered."""

    def __init__(self, traffic: Traffic, url: str = "https://api.percenty.co.kr/products") -> None:
        self._traffic = traffic
        self._url = url
        self._ids = count()

    def start(self, method: str = "GET", *, url: str | None = None, kind: str = "fetch") -> int:
        call = next(self._ids)
        self._traffic.started(call, method=method, url=url or self._url, kind=kind)
        return call

    def answer(self, call: int, status: int, *, method: str = "GET", url: str = "") -> None:
        self._traffic.answered(call, method=method, url=url or self._url, status=status)

    def end(self, call: int) -> None:
        self._traffic.ended(call)

    def lose(self, call: int, *, reason: str, method: str = "GET") -> None:
        self._traffic.lost(call, method=method, url=self._url, reason=reason)

    def make(self, status: int = 200, *, method: str = "GET") -> None:
        call = self.start(method)
        self.answer(call, status, method=method)
        self.end(call)


@pytest.fixture
def traffic() -> Traffic:
    return Traffic("www.percenty.co.kr")


@pytest.fixture
def calls(traffic: Traffic) -> Calls:
    return Calls(traffic)


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_a_silent_site_is_idle_after_the_wanted_silence(traffic: Traffic) -> None:
    await traffic.idle(QUIET_S, TIMEOUT_S)
    assert now() == pytest.approx(QUIET_S)


async def test_every_call_begins_the_silence_anew(traffic: Traffic, calls: Calls) -> None:
    loop = asyncio.get_running_loop()
    first = calls.start()
    loop.call_at(3.0, calls.end, first)
    loop.call_at(3.4, calls.make)
    loop.call_at(3.8, calls.make)

    await traffic.idle(QUIET_S, TIMEOUT_S)

    assert now() == pytest.approx(4.3)


async def test_a_call_that_is_yet_to_come_is_waited_for_with_its_answer(
    traffic: Traffic, calls: Calls
) -> None:
    loop = asyncio.get_running_loop()
    calls.make()

    def ask() -> None:
        loop.call_later(2.0, calls.end, calls.start())

    loop.call_at(0.7, ask)

    await traffic.settled(1, patience_s=1.0, quiet_s=QUIET_S, timeout_s=TIMEOUT_S)

    assert now() == pytest.approx(3.2)


async def test_a_call_that_came_meanwhile_needs_no_patience(traffic: Traffic, calls: Calls) -> None:
    calls.make()
    await traffic.settled(0, patience_s=1.0, quiet_s=QUIET_S, timeout_s=TIMEOUT_S)
    assert now() == pytest.approx(QUIET_S)


async def test_a_page_that_asks_nothing_is_waited_for_no_longer_than_the_patience(
    traffic: Traffic, calls: Calls
) -> None:
    calls.make()
    await traffic.settled(1, patience_s=1.0, quiet_s=QUIET_S, timeout_s=TIMEOUT_S)
    assert now() == pytest.approx(1.0 + QUIET_S)


async def test_a_change_that_is_yet_to_come_is_waited_for_whatever_is_looked_at_meanwhile(
    traffic: Traffic, calls: Calls
) -> None:
    calls.make(method="POST")
    calls.start()
    asyncio.get_running_loop().call_at(0.7, calls.start, "PATCH")
    await traffic.changing(1, patience_s=1.0)
    assert now() == pytest.approx(0.7)
    await traffic.changing(2, patience_s=1.0)
    assert now() == pytest.approx(1.7)


async def test_a_call_without_an_answer_ends_the_patience(traffic: Traffic, calls: Calls) -> None:
    calls.start()
    with pytest.raises(TimeoutError):
        await traffic.idle(QUIET_S, TIMEOUT_S)
    assert now() == pytest.approx(TIMEOUT_S)
    assert traffic.is_waiting


async def poll(calls: Calls, status: int = 200) -> None:
    """A page that asks the same each 0.3 s, whatever is done in it."""
    while True:
        calls.make(status)
        await asyncio.sleep(0.3)


async def test_what_the_page_asks_again_and_again_is_no_news(
    traffic: Traffic, calls: Calls
) -> None:
    async with asyncio.TaskGroup() as tasks:
        polling = tasks.create_task(poll(calls))
        await asyncio.sleep(3.1)
        await traffic.idle(QUIET_S, TIMEOUT_S)
        assert now() == pytest.approx(3.6 + QUIET_S)  # after the second since 3.1
        polling.cancel()


async def test_what_is_asked_again_because_it_failed_is_waited_for(
    traffic: Traffic, calls: Calls
) -> None:
    async with asyncio.TaskGroup() as tasks:
        polling = tasks.create_task(poll(calls, status=503))
        with pytest.raises(TimeoutError):
            await traffic.idle(QUIET_S, TIMEOUT_S)
        polling.cancel()


async def test_an_own_question_is_waited_for_though_its_like_was_repeated(
    traffic: Traffic, calls: Calls
) -> None:
    loop = asyncio.get_running_loop()
    polling = loop.create_task(poll(calls))
    await traffic.idle(QUIET_S, TIMEOUT_S)
    polling.cancel()
    own = calls.start()
    loop.call_later(2.0, calls.end, own)
    before = now()
    await traffic.idle(QUIET_S, TIMEOUT_S)

    assert now() - before == pytest.approx(2.0 + QUIET_S)


async def test_what_is_asked_side_by_side_is_waited_for(traffic: Traffic, calls: Calls) -> None:
    loop = asyncio.get_running_loop()
    for delay in range(1, 5):
        loop.call_later(delay / 4, lambda: loop.call_later(2.0, calls.end, calls.start()))
    await traffic.idle(QUIET_S, TIMEOUT_S)

    assert now() == pytest.approx(3.0 + QUIET_S)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_reading_is_not_waited_for_as_saving(
    traffic: Traffic, calls: Calls, method: str
) -> None:
    calls.start(method)
    await traffic.saved(TIMEOUT_S)
    assert now() == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_saved_means_that_no_change_is_under_way(
    traffic: Traffic, calls: Calls, method: str
) -> None:
    loop = asyncio.get_running_loop()
    one, other = calls.start(method), calls.start(method)
    loop.call_at(1.0, calls.end, one)
    loop.call_at(2.0, calls.end, other)

    await traffic.saved(TIMEOUT_S)

    assert now() == pytest.approx(2.0)


async def test_a_change_that_is_never_answered_ends_the_patience(
    traffic: Traffic, calls: Calls
) -> None:
    calls.start("POST")
    with pytest.raises(TimeoutError):
        await traffic.saved(TIMEOUT_S)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://api.channel.io/boot", "fetch"),
        ("https://percenty.co.kr.example.com/", "fetch"),
        ("https://notpercenty.co.kr/", "xhr"),
        ("data:text/plain,x", "fetch"),
        ("https://www.percenty.co.kr/logo.png", "image"),
        ("https://www.percenty.co.kr/", "document"),
    ],
)
def test_other_hosts_and_what_is_no_call_are_not_looked_at(
    traffic: Traffic, calls: Calls, url: str, kind: str
) -> None:
    call = calls.start("POST", url=url, kind=kind)
    assert not traffic.is_waiting
    calls.answer(call, 500, url=url)
    calls.answer(call, 401, url=url)
    assert (traffic.failed_since(0), traffic.refused_with) == ([], None)


@pytest.mark.parametrize(
    "url", ["https://percenty.co.kr/a", "https://www.percenty.co.kr/a", "http://api.percenty.co.kr"]
)
def test_the_site_is_its_domain_with_all_hosts_below(
    traffic: Traffic, calls: Calls, url: str
) -> None:
    calls.start(url=url)
    assert traffic.is_waiting


def test_failures_are_told_from_a_mark_on_and_without_their_query(
    traffic: Traffic, calls: Calls
) -> None:
    calls.make(500)
    mark = traffic.mark()
    call = calls.start("PUT")
    calls.answer(call, 503, method="PUT", url="https://api.percenty.co.kr/p/1?token=x")
    calls.make(404)

    assert [str(failed) for failed in traffic.failed_since(mark)] == ["PUT /p/1 → 503"]


def test_a_failed_look_counts_until_the_same_is_answered_well(
    traffic: Traffic, calls: Calls
) -> None:
    traffic.is_signed_in = True
    calls.make(500)
    mark = traffic.mark()
    assert traffic.failed_looks(mark) == []
    calls.make(503)
    calls.make(503, method="POST")
    assert [str(failed) for failed in traffic.failed_looks(mark)] == ["GET /products → 503"]
    calls.make(200, method="POST")
    assert len(traffic.failed_looks(mark)) == 1
    calls.make(200)
    assert traffic.failed_looks(0) == []


async def test_a_failure_is_waited_for_from_a_mark_on(traffic: Traffic, calls: Calls) -> None:
    calls.make(500)
    loop = asyncio.get_running_loop()
    loop.call_at(1.0, calls.make, 200)
    loop.call_at(2.0, calls.make, 502)

    failed = await traffic.failed_after(traffic.mark())

    assert failed.status == 502
    assert now() == pytest.approx(2.0)
    assert (await traffic.failed_after(0)).status == 500


CHANGES = ("POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("status", [400, 401, 403, 423, 429])
@pytest.mark.parametrize("method", CHANGES)
def test_before_the_sign_in_a_4xx_to_a_change_is_a_refusal(
    traffic: Traffic, calls: Calls, status: int, method: str
) -> None:
    calls.make(status, method=method)
    assert traffic.refused_with == status
    assert not traffic.signed_out.is_set()
    assert traffic.failed_since(0) == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_before_the_sign_in_a_4xx_to_a_question_says_nothing(
    traffic: Traffic, calls: Calls, method: str
) -> None:
    calls.make(401, method=method)  # who am I? nobody yet
    assert (traffic.refused_with, traffic.failed_since(0)) == (None, [])


@pytest.mark.parametrize(("status", "is_out"), [(401, True), (400, False), (403, False)])
def test_after_the_sign_in_only_401_is_the_end_of_it(
    traffic: Traffic, calls: Calls, status: int, *, is_out: bool
) -> None:
    traffic.is_signed_in = True
    calls.make(status, method="PUT")
    assert traffic.signed_out.is_set() is is_out
    assert traffic.refused_with is None


@pytest.mark.parametrize("status", [400, 403, 409, 422, 500])
@pytest.mark.parametrize("method", ["GET", *CHANGES])
def test_after_the_sign_in_every_refused_call_is_a_failure(
    traffic: Traffic, calls: Calls, status: int, method: str
) -> None:
    traffic.is_signed_in = True
    calls.make(status, method=method)
    (failed,) = traffic.failed_since(0)
    assert (failed.method, failed.status, failed.is_change) == (method, status, method != "GET")


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("net::ERR_CONNECTION_RESET", ["PUT /products → 응답 없음"]),
        ("", ["PUT /products → 응답 없음"]),
        ("net::ERR_ABORTED", []),  # the page itself gave it up
    ],
)
def test_a_lost_call_is_a_failure_unless_the_page_aborted_it(
    traffic: Traffic, calls: Calls, reason: str, told: list[str]
) -> None:
    traffic.is_signed_in = True
    calls.lose(calls.start("PUT"), method="PUT", reason=reason)
    assert [str(failed) for failed in traffic.failed_since(0)] == told


@pytest.mark.parametrize("reason", ["net::ERR_CONNECTION_RESET", "net::ERR_ABORTED"])
async def test_a_lost_call_is_waited_for_no_longer(
    traffic: Traffic, calls: Calls, reason: str
) -> None:
    calls.lose(calls.start("PUT"), method="PUT", reason=reason)
    assert not traffic.is_waiting
    await traffic.saved(TIMEOUT_S)


def test_a_lost_call_of_another_host_is_no_failure(traffic: Traffic, calls: Calls) -> None:
    traffic.is_signed_in = True
    call = calls.start("PUT", url="https://api.channel.io/boot")
    calls.lose(call, method="PUT", reason="net::ERR_CONNECTION_RESET")
    assert traffic.failed_since(0) == []


STORAGE = "https://storage.example.com/a.png"


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_an_upload_to_another_host_is_waited_for_where_one_may_be(
    traffic: Traffic, calls: Calls, method: str
) -> None:
    traffic.is_signed_in = True
    with traffic.uploads():
        calls.start("GET", url=STORAGE)
        assert not traffic.is_waiting
        call = calls.start(method, url=STORAGE)
        with pytest.raises(TimeoutError):
            await traffic.saved(TIMEOUT_S)
    calls.answer(call, 200, method=method, url=STORAGE)
    calls.end(call)

    await traffic.saved(TIMEOUT_S)
    assert (traffic.changes_taken, traffic.failed_since(0)) == (0, [])


def test_an_upload_that_is_refused_is_a_failure_and_no_end_of_the_sign_in(
    traffic: Traffic, calls: Calls
) -> None:
    traffic.is_signed_in = True
    with traffic.uploads():
        for status in (401, 403):
            for method in ("POST", "PUT"):
                call = calls.start(method, url=STORAGE)
                calls.answer(call, status, method=method, url=STORAGE)
                calls.end(call)
        for method in ("POST", "PUT"):
            calls.lose(calls.start(method, url=STORAGE), method=method, reason="net::ERR_FAILED")

    failed = [(call.method, call.status) for call in traffic.failed_since(0)]
    assert failed == [("PUT", 401), ("PUT", 403), ("PUT", 0)]
    assert not traffic.signed_out.is_set()


def test_only_refusals_since_the_mark_are_excused(traffic: Traffic, calls: Calls) -> None:
    traffic.is_signed_in = True
    for status in (409, 503):
        calls.make(status, method="PUT")
    mark = traffic.mark()
    for status in (409, 500, 422):
        calls.make(status, method="PUT")
    calls.lose(calls.start("PUT"), method="PUT", reason="net::ERR_CONNECTION_RESET")

    traffic.excuse(mark)

    assert [failed.status for failed in traffic.failed_since(0)] == [409, 503, 500, 0]


def test_the_end_of_an_unknown_call_is_nothing(traffic: Traffic, calls: Calls) -> None:
    calls.end(7)
    calls.answer(7, 500)
    assert traffic.failed_since(0) == []


async def test_a_page_that_is_left_owes_no_answers(traffic: Traffic, calls: Calls) -> None:
    calls.start("PUT")

    traffic.forget()

    assert not traffic.is_waiting
    await traffic.saved(TIMEOUT_S)
