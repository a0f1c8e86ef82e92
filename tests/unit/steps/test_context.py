from percenty_batch.errors import FailureKind
from percenty_batch.models import ItemOutcome, ItemResult
from percenty_batch.steps import AccountMemory, ItemBook


def book(requested: int = 3) -> tuple[ItemBook, list[tuple[int, ItemResult]]]:
    told: list[tuple[int, ItemResult]] = []
    return ItemBook(requested, lambda index, item: told.append((index, item))), told


def done(key: str) -> ItemResult:
    return ItemResult(key=key, outcome=ItemOutcome.DONE)


def test_an_outcome_is_kept_counted_and_told() -> None:
    items, told = book()
    items.begin("a")
    items.record(done("a"))

    assert (items.items, items.remaining) == ((done("a"),), 2)
    assert told == [(1, done("a"))]
    assert items.has("a")
    assert not items.has("b")


def test_an_item_in_flight_when_the_job_ends_is_unknown() -> None:
    items, told = book()
    items.begin("a")
    assert not items.items

    items.settle("중단됨", FailureKind.TIMEOUT)

    (item,) = items.items
    assert (item.key, item.outcome, item.reason, item.kind) == (
        "a",
        ItemOutcome.UNKNOWN,
        "중단됨",
        FailureKind.TIMEOUT,
    )
    assert told == [(1, item)]


def test_with_nothing_in_flight_settling_changes_nothing() -> None:
    items, told = book()
    items.begin("a")
    items.record(done("a"))
    items.settle("중단됨", None)
    items.settle("중단됨", None)
    assert (items.items, len(told)) == ((done("a"),), 1)


def test_the_source_is_remembered_as_first_and_last_seen() -> None:
    items, _ = book()
    assert (items.source_before, items.source_after) == (None, None)
    for count in (9, 8, 7):
        items.saw_source(count)
    assert (items.source_before, items.source_after) == (9, 7)


def test_notes_of_a_product_are_the_same_ones_each_time() -> None:
    memory = AccountMemory()
    memory.notes("a").memo = "G11-H16"
    assert memory.notes("a").memo == "G11-H16"
    assert memory.notes("b").memo is None
