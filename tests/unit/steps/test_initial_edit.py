from dataclasses import replace

import pytest

from percenty_batch.errors import FailureKind, SignedOutError
from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.steps import initial_edit
from percenty_batch.steps.resuming import DELETE
from tests.unit.jobs.builders import product_key
from tests.unit.steps.drawer import MEMO, Desk, DrawerSite, Product, account, numbered
from tests.unit.steps.fakes import ACCOUNT, listed

EDITED = ["memo", "detail", "model", "name", "save", "close"]


async def edited(product: Product) -> tuple[Desk, ItemResult]:
    """Work step 1 on the one product of an account."""
    desk = Desk(product)
    job = account(desk)
    assert await initial_edit.run(await job.attempt()) is StopReason.SOURCE_EMPTY
    (item,) = job.book.items
    return desk, item


async def test_a_product_is_edited_in_order_and_moved() -> None:
    product = numbered(0)

    desk, item = await edited(product)

    assert desk.edits == EDITED
    assert (product.memo, product.model) == (f"{MEMO}-S", MEMO)
    assert product.detail == f"<p>설명</p>{MEMO}"
    assert product.name == "상품 0 H16A"
    assert (item.outcome, item.moved_to) == (ItemOutcome.DONE, "신규수집")
    assert desk.list.group_of(item.key) == "신규수집"


async def test_what_is_there_already_is_not_done_again() -> None:
    product = numbered(0, memo=f"{MEMO}-S", detail=f"{MEMO}<p>설명</p>")

    desk, _ = await edited(product)

    assert desk.edits == ["model", "name", "save", "close"]
    assert (product.memo, product.model) == (f"{MEMO}-S", MEMO)


async def test_a_product_without_memo_gets_the_mark_and_the_fallback_model() -> None:
    product = numbered(0, memo="")
    await edited(product)
    assert (product.memo, product.detail, product.model) == ("-S", "<p>설명</p>", "G64")


@pytest.mark.parametrize(("images", "left"), [(1, 1), (30, 30), (31, 30), (47, 30)])
async def test_images_beyond_thirty_are_cut(images: int, left: int) -> None:
    product = numbered(0, images=images)
    desk, _ = await edited(product)
    assert product.images == left
    assert desk.edits.count("image") == images - left


@pytest.mark.parametrize(
    ("options", "images", "group"),
    [
        (20, 30, "신규수집"),
        (21, 30, "삭제X"),
        (20, 47, "신규수집"),  # what counts are the images that are left
        (50, 1, "삭제X"),
        (0, 12, "신규수집"),
    ],
)
async def test_more_than_fifty_options_and_images_go_to_another_group(
    options: int, images: int, group: str
) -> None:
    desk, item = await edited(numbered(0, options=options, images=images))
    assert desk.list.group_of(item.key) == item.moved_to == group
    assert item.outcome is ItemOutcome.DONE


async def test_a_product_without_images_is_deleted_and_counts_as_failed() -> None:
    product = numbered(0, images=0)

    desk, item = await edited(product)

    assert product.is_deleted
    assert desk.edits == ["memo", "detail", "delete"]
    assert (item.outcome, item.moved_to, item.kind) == ("failed", "삭제", FailureKind.DATA)
    assert item.reason == "상세페이지 이미지가 0개여서 상품을 삭제함"


async def test_a_deletion_needs_two_counts_of_zero_the_second_on_a_page_loaded_anew() -> None:
    desk, _ = await edited(numbered(0, images=0))

    (first_load, first_patience_s), (second_load, second_patience_s) = desk.counts
    assert (first_load, second_load) == (0, 1)
    assert second_patience_s > first_patience_s


async def test_images_that_came_late_are_a_failure_and_nothing_is_deleted() -> None:
    product, following = numbered(0, images=12, late_images=1), numbered(1)
    desk = Desk(product, following)
    job = account(desk)

    await initial_edit.run(await job.attempt())

    late = job.book.items[0]
    assert job.outcomes() == ["failed", "done"]
    assert (late.kind, late.moved_to) == (FailureKind.PAGE_CHANGED, None)
    assert late.reason == "이미지 개수가 0개였다가 12개로 읽혔습니다"
    assert "delete" not in desk.edits
    assert not product.is_deleted
    assert desk.list.group_of(late.key) is None


async def test_a_product_that_left_the_list_before_the_second_count_is_not_deleted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk(numbered(0, images=0))

    async def lose(site: DrawerSite) -> None:
        site.products.rows.clear()

    monkeypatch.setattr(DrawerSite, "start_over", lose)
    job = account(desk)

    await initial_edit.run(await job.attempt())

    assert job.outcomes() == ["failed"]
    assert job.book.items[0].kind is FailureKind.PAGE_CHANGED
    assert "delete" not in desk.edits


async def test_another_product_under_the_same_row_is_not_deleted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    product = numbered(0, images=0)
    desk = Desk(product)

    async def swap(site: DrawerSite) -> None:
        product.name = "다른 상품"

    monkeypatch.setattr(DrawerSite, "start_over", swap)
    job = account(desk)

    await initial_edit.run(await job.attempt())

    assert job.outcomes() == ["failed"]
    assert (len(desk.counts), "delete" in desk.edits) == (1, False)


@pytest.mark.parametrize("moment", ["breaks_before", "breaks_after"])
async def test_wherever_a_deletion_breaks_the_product_is_deleted_once(moment: str) -> None:
    desk = Desk(numbered(0, images=0), numbered(1))
    setattr(desk, moment, "delete")
    job = account(desk)

    with pytest.raises(SignedOutError):
        await initial_edit.run(await job.attempt())
    await initial_edit.run(await job.attempt())

    assert desk.edits.count("delete") == 1
    assert job.outcomes() == ["failed", "done"]
    assert job.book.items[0].moved_to == "삭제"


async def test_the_memo_dialog_is_warned_of_the_memo_before() -> None:
    desk = Desk(numbered(0), numbered(1, memo=f"{MEMO}-S"), numbered(2, memo="G7"))
    await initial_edit.run(await account(desk).attempt())
    assert desk.others == [None, f"{MEMO}-S", f"{MEMO}-S"]


async def test_a_new_attempt_has_new_pages_and_knows_of_no_memo_before() -> None:
    desk = Desk(numbered(0, memo="G1"), numbered(1))
    one, other = account(desk, quantity=1), account(desk)

    await initial_edit.run(await one.attempt())
    await initial_edit.run(await other.attempt())

    assert desk.others == [None, None]


async def test_a_memo_that_was_seen_before_may_be_its_own_repeated() -> None:
    desk = Desk(numbered(0), numbered(1))
    job = account(desk)
    ctx = await job.attempt()
    await (await ctx.edits(product_key(0))).intend("memo", MEMO)
    ctx.notes.last_memo = f"{MEMO}-S"

    await initial_edit.run(ctx)

    assert desk.others == [None, f"{MEMO}-S"]


async def test_a_product_that_was_begun_earlier_is_warned_of_another_ones_memo_too() -> None:
    desk = Desk(numbered(0), numbered(1))
    ctx = await account(desk).attempt()
    await (await ctx.edits(product_key(0))).intend("memo", MEMO)
    ctx.notes.last_memo = "G1-S"

    await initial_edit.run(ctx)

    assert desk.others == ["G1-S", f"{MEMO}-S"]


@pytest.mark.parametrize(
    ("is_silent", "is_remembered", "is_inserted"),
    [
        (True, True, False),
        (True, False, True),
        (False, True, True),  # what was remembered had not been saved
        (False, False, True),
    ],
)
async def test_what_is_remembered_of_the_detail_page_counts_only_where_the_editor_is_silent(
    *, is_silent: bool, is_remembered: bool, is_inserted: bool
) -> None:
    product = numbered(0, is_editor_silent=is_silent)
    desk = Desk(product)
    job = account(desk)
    ctx = await job.attempt()
    edits = await ctx.edits(product.listed.key)
    await edits.intend("detail", MEMO)
    if is_remembered:
        await edits.confirm("detail")

    await initial_edit.run(ctx)

    assert ("detail" in desk.edits) is is_inserted
    assert product.detail.count(MEMO) == is_inserted


async def test_a_silent_editor_that_shows_the_memo_begun_earlier_is_left_alone() -> None:
    product = numbered(0, is_editor_silent=True)
    product.detail += MEMO  # a death between the insertion and its confirmation
    desk = Desk(product)
    ctx = await account(desk).attempt()
    await (await ctx.edits(product.listed.key)).intend("detail", MEMO)

    await initial_edit.run(ctx)

    assert product.detail.count(MEMO) == 1


async def test_a_memo_in_a_silent_editor_is_remembered_once_the_product_was_saved() -> None:
    product = numbered(0, is_editor_silent=True)
    desk = Desk(product)
    job = account(desk)

    async def fail_once(key: str, group: str) -> str:
        del desk.list.assign_group
        raise SignedOutError

    desk.list.assign_group = fail_once  # type: ignore[method-assign]
    with pytest.raises(SignedOutError):
        await initial_edit.run(await job.attempt())
    await initial_edit.run(await job.attempt())

    assert product.detail.count(MEMO) == 1
    assert job.outcomes() == ["done"]


async def test_an_edit_that_is_lost_with_its_open_drawer_is_made_again() -> None:
    product = numbered(0, images=33, is_editor_silent=True, is_saved_at_close=True)
    desk = Desk(product)
    desk.breaks_before = "image"  # the detail page was edited, and not yet saved
    job = account(desk)

    with pytest.raises(SignedOutError):
        await initial_edit.run(await job.attempt())
    await initial_edit.run(await job.attempt())

    assert product.detail.count(MEMO) == 1
    assert desk.edits.count("detail") == 2
    assert job.outcomes() == ["done"]


async def test_a_product_whose_edit_was_lost_with_a_refused_name_is_not_done() -> None:
    product = numbered(0, is_editor_silent=True, is_saved_at_close=True)
    product.taken_names = frozenset({"상품 0 H16A"})
    desk = Desk(product)  # its drawer is gone once the question for another name is answered
    job = account(desk)

    await initial_edit.run(await job.attempt())

    assert product.detail.count(MEMO) == 0
    assert job.outcomes() == ["failed"]
    assert "다른 편집이 저장되지 않았습니다" in (job.book.items[0].reason or "")


async def test_every_edit_is_in_the_ledger_before_it_is_made() -> None:
    for edit, action in (("memo", "memo"), ("detail", "detail"), ("name", "name")):
        product = numbered(0)
        desk = Desk(product)
        desk.breaks_before = edit
        job = account(desk)
        with pytest.raises(SignedOutError):
            await initial_edit.run(await job.attempt())
        assert await job.intended(product.listed.key, action) is not None


async def test_a_deletion_is_in_the_ledger_before_it_is_made() -> None:
    product = numbered(0, images=0)
    desk = Desk(product)
    desk.breaks_before = "delete"
    job = account(desk)
    with pytest.raises(SignedOutError):
        await initial_edit.run(await job.attempt())
    assert await job.intended(product.listed.key, DELETE) is True


async def test_another_product_than_the_listed_one_is_never_edited() -> None:
    product = numbered(0, name="다른 상품")
    desk = Desk(product)
    job = account(desk)

    await initial_edit.run(await job.attempt())

    assert (desk.edits, job.outcomes()) == ([], ["failed"])
    assert job.book.items[0].kind is FailureKind.PAGE_CHANGED


async def test_a_product_whose_name_was_not_saved_is_not_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk(numbered(0))
    monkeypatch.setattr(desk.list, "rename", lambda _key, _name: None)
    job = account(desk)

    await initial_edit.run(await job.attempt())

    assert job.outcomes() == ["failed"]
    assert desk.list.group_of(job.book.items[0].key) is None


@pytest.mark.parametrize("moment", ["breaks_before", "breaks_after"])
@pytest.mark.parametrize("edit", ["memo", "detail", "image", "model", "flagged", "name", "close"])
async def test_wherever_an_attempt_breaks_the_next_one_completes_and_doubles_nothing(
    edit: str, moment: str
) -> None:
    def product() -> Product:
        row = replace(listed(0), name="경고 원피스 H16")
        return Product(listed=row, name=row.name, images=33, flagged_words=1)

    whole, broken = product(), product()
    await edited(whole)
    desk = Desk(broken, numbered(1))
    setattr(desk, moment, edit)
    job = account(desk)

    with pytest.raises(SignedOutError):
        await initial_edit.run(await job.attempt())
    await initial_edit.run(await job.attempt())

    broken.listed = whole.listed
    assert broken == whole
    assert job.outcomes() == ["done", "done"]
    assert (await job.ledger.turn(ACCOUNT, "letter")).position == 2
