from percenty_batch.ledger import Edit, MemoryLedger, Turn
from percenty_batch.models import ItemOutcome, ItemResult
from percenty_batch.steps import ItemEdits
from tests.unit.steps.fakes import ACCOUNT, Account1, FakeList


class Counting(MemoryLedger):
    """Counts the edits that are written."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0

    async def intend(self, *args: object, **values: object) -> None:
        self.writes += 1
        await super().intend(*args, **values)  # type: ignore[arg-type]


async def edits_of(job: Account1, key: str = "a") -> ItemEdits:
    return await (await job.attempt()).edits(key)


def account() -> tuple[Account1, Counting]:
    ledger = Counting()
    return Account1(products=FakeList(0), ledger=ledger), ledger


async def test_what_was_never_begun_is_neither_intended_nor_done() -> None:
    job, _ = account()
    edits = await edits_of(job)
    assert edits.intended("name") is None
    assert not edits.is_done("name")


async def test_another_attempt_reads_what_was_intended_and_what_was_done() -> None:
    job, _ = account()
    edits = await edits_of(job)
    await edits.intend("name", {"base": "상품", "letter": "C"})
    await edits.intend("memo", "G1")
    await edits.confirm("memo")

    again = await edits_of(job)

    assert again.intended("name") == {"base": "상품", "letter": "C"}
    assert (again.is_done("name"), again.is_done("memo")) == (False, True)


async def test_the_same_intent_again_is_not_written_again_and_stays_done() -> None:
    job, ledger = account()
    edits = await edits_of(job)
    for _ in range(2):
        await edits.intend("memo", "G1")
        await edits.confirm("memo")
    assert (ledger.writes, edits.is_done("memo")) == (2, True)


async def test_another_intent_has_not_been_done() -> None:
    job, _ = account()
    edits = await edits_of(job)
    await edits.intend("memo", "G1")
    await edits.confirm("memo")
    await edits.intend("memo", "G2")
    assert not edits.is_done("memo")
    assert await ledger_edits(job) == [Edit(action="memo", intended="G2")]


async def test_a_turn_is_taken_with_the_intent() -> None:
    job, ledger = account()
    edits = await edits_of(job)
    await edits.intend("name", "상품 A", Turn(name="letter", position=1))
    assert (await ledger.turn(ACCOUNT, "letter")).position == 1


async def test_a_turn_is_taken_with_an_intent_that_is_known_already_too() -> None:
    job, ledger = account()
    edits = await edits_of(job)
    await edits.intend("name", "상품 A")
    await edits.intend("name", "상품 A", Turn(name="letter", position=1))
    assert (await ledger.turn(ACCOUNT, "letter")).position == 1


async def test_a_finished_items_edits_are_history() -> None:
    job, _ = account()
    await (await edits_of(job)).intend("memo", "G1")
    await job.book.record(ItemResult(key="a", outcome=ItemOutcome.DONE))
    assert (await edits_of(job)).intended("memo") is None


async def ledger_edits(job: Account1) -> list[Edit]:
    return list(await job.ledger.edits(job.ref, "a"))
