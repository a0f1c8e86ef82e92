from percenty_batch.steps.turns import place_in, rotated
from tests.unit.steps.fakes import ACCOUNT, Account1, FakeList

DISCOUNTS = (2, 5, 10, 15, 20, 25, 30, 35, 40, 45)


async def test_each_product_gets_the_next_place_and_keeps_it() -> None:
    job = Account1(products=FakeList(0))
    ctx = await job.attempt()

    places = [
        await place_in(ctx, await ctx.edits(key), "discount") for key in ("a", "b", "a", "c", "b")
    ]

    assert places == [0, 1, 0, 2, 1]
    assert (await job.ledger.turn(ACCOUNT, "discount")).position == 3


async def test_sequences_do_not_touch_each_other() -> None:
    ctx = await Account1(products=FakeList(0)).attempt()
    edits = await ctx.edits("a")
    await place_in(ctx, edits, "discount")
    assert await place_in(ctx, edits, "letter") == 0


def test_a_sequence_goes_round_from_any_beginning() -> None:
    assert [rotated(DISCOUNTS, place) for place in (0, 9, 10, 23)] == [2, 45, 2, 15]
    assert [rotated(DISCOUNTS, 8, shift) for shift in (0, 3, 5, 7)] == [40, 5, 15, 25]
