"""Steps 2_1 to 2_3: a keyword is done when its search is empty, whoever counts it."""

from dataclasses import replace

import pytest

from percenty_batch.accounts import NO_EDITS, AccountInputs, Task, TaskStep
from percenty_batch.errors import WorkError
from percenty_batch.models import StopReason
from percenty_batch.steps import Unit, keyword_move
from percenty_batch.steps.keyword_move import SOURCE
from tests.unit.steps.fakes import Account1, FakeList
from tests.unit.steps.lists import Shop, product

STEP = keyword_move.step(1)
TASK = Task(
    row=2,
    code="H16",
    step=TaskStep.MOVE,
    final_group="서버1",
    target_group="대기1",
    edits=NO_EDITS,
)
OTHER = replace(TASK, row=3, code="G03", final_group="서버2")


def account(shop: Shop) -> Account1:
    inputs = AccountInputs(place="계정", tasks=(TASK, OTHER))
    assert STEP.requested(None, inputs) == 1
    return Account1(products=FakeList(0), open_site=shop.open_site, quantity=1, inputs=inputs)


async def attempt(job: Account1) -> StopReason:
    return await STEP.run(replace(await job.attempt(), unit=Unit.KEYWORD))


def told(job: Account1) -> list[tuple[str, str, int | None]]:
    return [(item.key, item.outcome.value, item.amount) for item in job.book.items]


async def test_only_the_rows_of_the_step_are_worked_lot_by_lot_until_none_is_left() -> None:
    shop = Shop([*(product(n, SOURCE) for n in range(103)), product(200, "서버2")])
    job = account(shop)

    assert await attempt(job) is StopReason.QUANTITY_REACHED
    assert told(job) == [("H16@서버1", "done", 103)]
    assert [group for _, group in shop.moves] == ["대기1"] * 103
    assert shop.products[-1].group == "서버2"


async def test_a_keyword_without_products_is_done_with_none() -> None:
    job = account(Shop([]))
    assert await attempt(job) is StopReason.QUANTITY_REACHED
    assert told(job) == [("H16@서버1", "done", 0)]


@pytest.mark.parametrize("moment", ["before move", "after move"])
async def test_what_was_moved_before_a_death_is_counted_once(moment: str) -> None:
    shop = Shop([product(n, SOURCE) for n in range(53)])
    shop.dies_at = moment
    job = account(shop)
    with pytest.raises(WorkError, match="종료"):
        await attempt(job)

    await job.start()
    await attempt(job)
    assert told(job) == [("H16@서버1", "done", 53)]
    assert len(shop.moves) == len(set(shop.moves)) == 53


async def test_a_look_counts_the_keywords_that_find_something() -> None:
    shop = Shop([product(n, SOURCE) for n in range(3)])
    found = await STEP.look(await account(shop).attempt())
    assert (found.count, found.lines) == (1, ("H16@서버1 → 대기1: 상품 3개",))
    assert shop.moves == []
