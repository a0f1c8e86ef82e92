"""The names and letters that step 1 gives."""

from dataclasses import replace

import pytest

from percenty_batch.errors import FailureKind, SignedOutError
from percenty_batch.ledger import Turn
from percenty_batch.steps import initial_edit
from tests.unit.steps.drawer import Desk, Product, account, numbered
from tests.unit.steps.fakes import ACCOUNT, Account1, listed


async def test_letters_go_on_from_product_to_product_and_skip_the_deleted() -> None:
    products = [numbered(number, images=0 if number == 1 else 9) for number in range(29)]

    await initial_edit.run(await account(Desk(*products)).attempt())

    letters = "".join(product.name[-1] for product in products if not product.is_deleted)
    assert letters == "ABCDEFGHIJKLMNOPQRSTUVWXYZAB"


async def test_a_second_batch_of_the_run_continues_the_letters() -> None:
    first, second = numbered(0), numbered(1)
    one, other = account(Desk(first)), account(Desk(second))
    other.ledger, other.job_id = one.ledger, "another_batch"

    await initial_edit.run(await one.attempt())
    await initial_edit.run(await other.attempt())

    assert [first.name, second.name] == ["상품 0 H16A", "상품 1 H16B"]


async def test_flagged_words_are_dropped_before_the_letter_is_put() -> None:
    row = replace(listed(0), name="경고 원피스 H16")
    product = Product(listed=row, name=row.name, flagged_words=1)

    desk = Desk(product)
    await initial_edit.run(await account(desk).attempt())

    assert product.name == "원피스 H16A"
    assert desk.edits.index("flagged") < desk.edits.index("name")


@pytest.mark.parametrize("stays_open", [True, False])
@pytest.mark.parametrize("refusals", [1, 2, 5])
async def test_a_name_that_exists_gets_the_next_digit(*, refusals: int, stays_open: bool) -> None:
    taken = [f"상품 0 H16A{digit}" for digit in ("", *"12345")]
    product = numbered(0, taken_names=frozenset(taken[:refusals]))
    desk = Desk(product)
    desk.stays_open = stays_open
    job = account(desk)

    await initial_edit.run(await job.attempt())

    assert product.name == taken[refusals]
    assert job.outcomes() == ["done"]


async def test_a_name_that_exists_with_every_digit_is_a_failure_of_that_product() -> None:
    taken = frozenset(f"상품 0 H16A{digit}" for digit in ("", *"12345"))
    product, following = numbered(0, taken_names=taken), numbered(1)
    job = account(Desk(product, following))

    await initial_edit.run(await job.attempt())

    assert job.outcomes() == ["failed", "done"]
    assert job.book.items[0].kind is FailureKind.DATA
    assert following.name == "상품 1 H16B"


async def planned(desk: Desk, job: Account1, base: str, letter: str) -> None:
    """Have an earlier start plan the name of the desk's first product."""
    ctx = await job.attempt()
    key = next(iter(desk.products))
    await ctx.book.begin(key)
    turn = Turn(name="letter", position=ord(letter) - ord("A") + 1)
    await (await ctx.edits(key)).intend("name", {"base": base, "letter": letter}, turn)
    await job.start()


async def test_a_plan_that_was_begun_is_carried_out_and_takes_no_other_letter() -> None:
    product, following = numbered(0), numbered(1)
    desk = Desk(product, following)
    job = account(desk)
    await planned(desk, job, "상품 0 H16Z", "E")

    await initial_edit.run(await job.attempt())

    assert [product.name, following.name] == ["상품 0 H16E", "상품 1 H16F"]


@pytest.mark.parametrize("carried", ["상품 0 H16E", "상품 0 H16E1", "상품 0 H16E5"])
async def test_a_name_that_the_plan_gave_is_left_alone(carried: str) -> None:
    row = replace(listed(0), name=carried)
    product = Product(listed=row, name=carried)
    desk = Desk(product)
    job = account(desk)
    await planned(desk, job, "상품 0 H16Z", "E")

    await initial_edit.run(await job.attempt())

    assert product.name == carried
    assert "name" not in desk.edits
    assert job.outcomes() == ["done"]


async def test_a_name_that_somebody_changed_meanwhile_is_the_new_base_under_the_same_letter() -> (
    None
):
    row = replace(listed(0), name="경고 겨울 코트 X")
    product, following = Product(listed=row, name=row.name, flagged_words=1), numbered(1)
    desk = Desk(product, following)
    job = account(desk)
    await planned(desk, job, "상품 0 H16Z", "E")

    await initial_edit.run(await job.attempt())

    assert [product.name, following.name] == ["겨울 코트 E", "상품 1 H16F"]


async def test_the_letters_place_is_taken_together_with_the_intent() -> None:
    product = numbered(0)
    desk = Desk(product)
    desk.breaks_before = "name"
    job = account(desk)

    with pytest.raises(SignedOutError):
        await initial_edit.run(await job.attempt())

    assert await job.intended(product.listed.key, "name") == {"base": "상품 0 H16Z", "letter": "A"}
    assert (await job.ledger.turn(ACCOUNT, "letter")).position == 1
