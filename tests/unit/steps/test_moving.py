import asyncio

import pytest

from percenty_batch.errors import FailureKind, ItemError, WorkError
from percenty_batch.percenty import ProductPage
from percenty_batch.settings import JobSettings
from percenty_batch.steps.moving import Moved, check_name, find_in_group, gone, move
from tests.unit.jobs.builders import product_key
from tests.unit.steps.fakes import Account1, FakeList, listed

TARGET = "신규수집"
PRODUCT = listed(0)


def account(products: FakeList) -> Account1:
    return Account1(products=products, limits=JobSettings(stale_list_timeout_s=15))


def listing(count: int) -> ProductPage:
    return FakeList(count).page()


async def moved(job: Account1) -> Moved:
    return await move(await job.attempt(), PRODUCT, job.products.page(), TARGET)


async def test_a_move_is_done_when_the_row_is_gone_and_the_count_went_down() -> None:
    job = account(FakeList(3))

    after = await moved(job)

    assert (after.label, after.page.total, after.page.row(PRODUCT.key)) == (TARGET, 2, None)
    assert job.products.group_of(PRODUCT.key) == TARGET
    assert (job.products.dialogs, job.products.looks) == ([], 1)


async def test_the_target_is_noted_before_the_site_is_asked() -> None:
    job = account(FakeList(1))
    job.products.ignored = job.products.ignored_dialogs = 1
    with pytest.raises(ItemError):
        await moved(job)
    assert await job.intended(PRODUCT.key, "move") == TARGET


async def test_a_stale_list_is_waited_for_ever_longer() -> None:
    job = account(FakeList(3))
    job.products.stale = 5

    after = await moved(job)

    assert (after.page.total, job.products.looks, job.products.dialogs) == (2, 6, [])
    doubled = sum(0.1 * 2**look for look in range(6))
    assert asyncio.get_running_loop().time() == pytest.approx(doubled)


async def test_a_move_that_silently_did_not_happen_is_made_by_the_dialog() -> None:
    products = FakeList(5, page_size=2)
    products.rows = dict(reversed(products.rows.items()))  # the product stands on the last page
    job = account(products)
    products.ignored = 1

    after = await moved(job)

    assert after.page.total == 4
    assert (products.dialogs, products.group_of(PRODUCT.key)) == ([PRODUCT.key], TARGET)
    assert any("그룹 지정 창" in line for line in job.log.lines("warning"))


async def test_a_count_that_went_down_for_another_product_proves_nothing() -> None:
    job = account(FakeList(3))
    ctx, page = await job.attempt(), job.products.page()
    job.products.ignored = 1
    job.products.take(product_key(2), "다른 그룹")

    after = await move(ctx, PRODUCT, page, TARGET)

    assert job.products.dialogs == [PRODUCT.key]
    assert after.page.row(PRODUCT.key) is None


async def test_an_empty_list_does_not_prove_that_this_one_product_left() -> None:
    job = account(FakeList(3))
    job.products.blank = 1

    after = await move(await job.attempt(), PRODUCT, listing(3), TARGET)

    assert (after.page.total, job.products.looks) == (2, 2)


async def test_a_list_after_a_failed_call_proves_no_move() -> None:
    job = account(FakeList(1))
    job.products.failing = 1
    with pytest.raises(WorkError, match="사이트 오류") as caught:
        await moved(job)
    assert caught.value.kind is FailureKind.SITE_ERROR


async def test_a_product_that_stays_in_spite_of_both_ways_is_a_failure_of_that_product() -> None:
    job = account(FakeList(3))
    job.products.ignored = job.products.ignored_dialogs = 1

    with pytest.raises(ItemError, match="목록에 남아 있음") as caught:
        await moved(job)

    assert (caught.value.kind, caught.value.effect_unknown) == (FailureKind.SITE_ERROR, False)
    assert PRODUCT.key in job.products.rows


async def test_the_groups_own_list_is_a_proof_too_when_the_count_did_not_go_down() -> None:
    job = account(FakeList(3))
    job.products.arriving = 1

    after = await moved(job)

    assert (after.label, after.page.total, after.page.row(PRODUCT.key)) == (TARGET, 3, None)
    assert job.products.dialogs == []


async def test_a_list_that_stays_stale_does_not_hide_a_move_that_was_made() -> None:
    job = account(FakeList(3))
    job.products.stale = 1000

    after = await moved(job)

    assert (after.label, job.products.group_of(PRODUCT.key)) == (TARGET, TARGET)


async def test_a_product_in_neither_list_is_not_said_to_have_stayed() -> None:
    job = account(FakeList(3))
    ctx = await job.attempt()
    page = job.products.page()
    job.products.take(PRODUCT.key, "다른 그룹")
    job.products.rows[product_key(9)] = listed(9)
    job.products.assign_group = nothing  # type: ignore[method-assign]

    with pytest.raises(ItemError) as caught:
        await move(ctx, PRODUCT, page, TARGET)

    assert caught.value.effect_unknown
    assert "어느 목록에도 없음" in str(caught.value)


async def nothing(key: str, group: str) -> str:
    return group


async def test_only_the_newest_pages_of_a_group_are_searched() -> None:
    products = FakeList(30, page_size=2)
    job = account(products)
    for number in range(30):
        products.take(product_key(number), TARGET)
    ctx = await job.attempt()

    assert await find_in_group(ctx, product_key(29), TARGET) is not None
    assert await find_in_group(ctx, product_key(10), TARGET) is not None
    assert await find_in_group(ctx, product_key(9), TARGET) is None


async def test_a_deletion_is_believed_when_the_product_has_left_the_list() -> None:
    job = account(FakeList(3))
    before = job.products.page()
    job.products.take(PRODUCT.key, "삭제")
    assert (await gone(await job.attempt(), PRODUCT.key, before)).total == 2


async def test_an_empty_list_does_not_prove_a_deletion() -> None:
    job = account(FakeList(3))
    job.products.blank = 1000
    with pytest.raises(ItemError, match="확인되지 않았습니다"):
        await gone(await job.attempt(), PRODUCT.key, listing(3))


async def test_a_deletion_that_nobody_saw_is_unknown() -> None:
    job = account(FakeList(3))
    with pytest.raises(ItemError) as caught:
        await gone(await job.attempt(), PRODUCT.key, job.products.page())
    assert caught.value.effect_unknown


@pytest.mark.parametrize("name", [PRODUCT.name, f"  {PRODUCT.name.replace(' ', '   ')} "])
async def test_the_list_is_read_anew_for_the_edited_name(name: str) -> None:
    job = account(FakeList(3))
    await check_name(await job.attempt(), PRODUCT.key, name)
    assert job.products.looks == 1


async def test_the_list_is_left_on_the_page_of_the_edited_product() -> None:
    products = FakeList(5, page_size=2)
    last = listed(4)
    await check_name(await account(products).attempt(), last.key, last.name)
    assert products.page().row(last.key) == last


async def test_a_list_may_show_the_old_name_for_a_while() -> None:
    products = FakeList(3)
    products.rename(PRODUCT.key, "새 이름")
    products.stale = 2
    await check_name(await account(products).attempt(), PRODUCT.key, "새 이름")
    assert products.looks == 3


async def test_a_name_that_was_not_saved_is_a_failure() -> None:
    job = account(FakeList(3))
    with pytest.raises(ItemError, match="저장되지 않았습니다") as caught:
        await check_name(await job.attempt(), PRODUCT.key, "새 이름")
    assert not caught.value.effect_unknown


async def test_an_edited_product_that_vanished_is_unknown() -> None:
    job = account(FakeList(3))
    with pytest.raises(ItemError, match="사라졌습니다") as caught:
        await check_name(await job.attempt(), product_key(99), "새 이름")
    assert caught.value.effect_unknown
