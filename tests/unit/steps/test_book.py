import pytest

from percenty_batch.errors import FailureKind, LeaseLostError, LedgerError
from percenty_batch.ledger import MemoryLedger
from percenty_batch.models import ItemOutcome, ItemResult
from percenty_batch.steps import ItemBook
from tests.unit.jobs.ledgers import OTHERS, read_job
from tests.unit.steps.fakes import ACCOUNT, Account1, FakeList


async def begun(requested: int = 3, ledger: MemoryLedger | None = None) -> Account1:
    job = Account1(
        products=FakeList(0),
        quantity=requested,
        ledger=ledger or MemoryLedger(),
        mask=lambda text: text.replace("secret", "***"),
    )
    await job.start()
    return job


def done(key: str) -> ItemResult:
    return ItemResult(key=key, outcome=ItemOutcome.DONE)


def failed(key: str, kind: FailureKind = FailureKind.SITE_ERROR) -> ItemResult:
    return ItemResult(key=key, outcome=ItemOutcome.FAILED, reason="안 됨", kind=kind)


def unknown(key: str) -> ItemResult:
    return ItemResult(key=key, outcome=ItemOutcome.UNKNOWN, reason="안 보임")


def skipped(key: str) -> ItemResult:
    return ItemResult(key=key, outcome=ItemOutcome.SKIPPED)


async def finish(book: ItemBook, *items: ItemResult) -> None:
    for item in items:
        await book.begin(item.key)
        await book.record(item)


async def test_an_outcome_is_kept_counted_and_told() -> None:
    job = await begun()
    await finish(job.book, done("a"))

    assert (job.book.items, job.book.remaining) == ((done("a"),), 2)
    assert job.told == [(1, done("a"))]
    assert job.book.has("a")
    assert not job.book.has("b")


async def test_an_item_is_in_the_ledger_before_it_is_worked_on() -> None:
    job = await begun()
    await job.book.begin("a")

    (item,) = (await read_job(job.ledger, ACCOUNT)).items

    assert (item.key, item.result) == ("a", None)
    assert (job.book.owed, job.book.remaining, job.book.items) == ("a", 2, ())


async def test_an_outcome_is_in_the_ledger_once_it_is_told() -> None:
    job = await begun()
    await finish(job.book, done("a"))
    (item,) = (await read_job(job.ledger, ACCOUNT)).items
    assert item.result == done("a")


async def test_an_item_in_flight_when_the_job_ends_is_unknown() -> None:
    job = await begun()
    await job.book.begin("a")
    await job.book.begin("b")
    await job.book.record(done("b"))

    finished, item = job.book.unsettled("중단됨", FailureKind.TIMEOUT)

    assert finished == done("b")
    assert (item.key, item.outcome) == ("a", ItemOutcome.UNKNOWN)
    assert (item.reason, item.kind) == ("중단됨", FailureKind.TIMEOUT)


async def test_with_nothing_in_flight_nothing_is_unsettled() -> None:
    job = await begun()
    await finish(job.book, done("a"))
    assert job.book.unsettled("중단됨", None) == (done("a"),)


async def test_the_source_is_remembered_as_first_and_last_seen() -> None:
    book = (await begun()).book
    assert (book.source_before, book.source_after) == (None, None)
    for count in (9, 8, 7):
        book.saw_source(count)
    assert (book.source_before, book.source_after) == (9, 7)


@pytest.mark.parametrize(
    ("known", "is_owed"),
    [
        (done("a"), False),
        (skipped("a"), False),
        (unknown("a"), True),
        (failed("a"), True),
        (failed("a", FailureKind.TIMEOUT), True),
        (failed("a", FailureKind.DATA), False),
    ],
)
async def test_a_new_start_owes_what_may_still_succeed(*, known: ItemResult, is_owed: bool) -> None:
    job = await begun()
    await finish(job.book, known)

    await job.start()

    assert job.book.owed == ("a" if is_owed else None)
    assert (job.book.items, job.book.remaining) == ((known,), 2)


async def test_a_new_start_owes_what_was_in_flight_and_keeps_its_place_in_the_quantity() -> None:
    job = await begun(requested=2)
    await finish(job.book, done("a"))
    await job.book.begin("b")

    await job.start()

    assert (job.book.owed, job.book.remaining, job.book.items) == ("b", 0, (done("a"),))
    assert job.book.has("b")


async def test_another_try_replaces_the_outcome_and_is_not_counted_twice() -> None:
    job = await begun(requested=2)
    await finish(job.book, failed("a"), done("b"))
    await job.start()

    await job.book.begin("a")
    assert (job.book.result("a"), job.book.remaining) == (None, 0)
    await job.book.record(done("a"))

    assert set(job.book.items) == {done("a"), done("b")}
    assert (job.book.owed, job.book.remaining) == (None, 0)
    assert {item.result for item in (await read_job(job.ledger, ACCOUNT)).items} == {
        done("a"),
        done("b"),
    }


async def test_what_is_forgiven_is_asked_no_more_and_keeps_its_outcome() -> None:
    job = await begun()
    await finish(job.book, failed("a"))
    await job.start()
    job.book.forgive("a")
    assert (job.book.owed, job.book.items) == (None, (failed("a"),))


async def test_a_secret_in_a_reason_reaches_neither_ledger_nor_listener() -> None:
    job = await begun()
    told = ItemResult(key="a", outcome=ItemOutcome.FAILED, reason="화면: secret")

    await finish(job.book, told)

    (item,) = (await read_job(job.ledger, ACCOUNT)).items
    assert item.result is not None
    reasons = {item.result.reason, job.told[0][1].reason, job.book.items[0].reason}
    assert reasons == {"화면: ***"}


class Refusing(MemoryLedger):
    """Takes claims and no outcomes."""

    async def record_item(self, *_args: object) -> None:
        raise LedgerError("디스크가 가득 찼습니다")


async def test_an_outcome_that_the_ledger_refuses_is_none() -> None:
    job = await begun(ledger=Refusing())
    await job.book.begin("a")

    with pytest.raises(LedgerError):
        await job.book.record(done("a"))

    assert (job.book.items, job.told, job.book.owed) == ((), [], "a")


async def test_an_account_that_was_taken_over_is_written_to_no_more() -> None:
    job = await begun()
    await job.book.begin("a")
    await job.ledger.release(job.ref.lease)
    await job.ledger.acquire(f"account:{ACCOUNT}", OTHERS, 60)

    with pytest.raises(LeaseLostError):
        await job.book.begin("b")
    with pytest.raises(LeaseLostError):
        await job.book.record(done("a"))

    assert not job.book.has("b")
    assert job.told == []
