import pytest

from percenty_batch.percenty import BulkProgress, FailedProduct
from percenty_batch.percenty.bulk_progress import (
    failed_products,
    progress_pattern,
    read_progress,
)

KEY = "65f0c0ffee65f0c0ffee65f0"
OTHER = "65f0c0ffee65f0c0ffee65f1"
HINT = "모든 업로드가 완료될 때까지 창을 닫지 마세요."
HEADS = ["퍼센티 상품 ID", "실패 내역"]


def progress(
    handled: int | None,
    total: int | None,
    succeeded: int | None,
    failed: int | None,
    *,
    is_finished: bool = False,
) -> BulkProgress:
    return BulkProgress(
        handled=handled, total=total, succeeded=succeeded, failed=failed, is_finished=is_finished
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16/20 업로드중.. 16건 성공 / 0건 실패 닫기", progress(16, 20, 16, 0)),
        ("16 / 20 업로드 중.. 15 건 성공 / 1 건 실패", progress(16, 20, 15, 1)),
        ("20/20 업로드중.. 20건 성공 / 0건 실패", progress(20, 20, 20, 0)),
        (
            "모든 업로드가 완료됐습니다. 20/20 업로드 완료 18건 성공 / 2건 실패",
            progress(20, 20, 18, 2, is_finished=True),
        ),
        ("20/20 업로드 완료", progress(20, 20, None, None, is_finished=True)),
        ("3/20 업로드 완료", progress(3, 20, None, None)),
        ("모든 업로드가 완료됐습니다.", progress(None, None, None, None, is_finished=True)),
        ("1,000/1,000 업로드 완료", progress(1000, 1000, None, None, is_finished=True)),
        ("선택 상품 일괄 업로드 선택 20개 상품", progress(None, None, None, None)),
        (f"{HINT} 0/20 업로드중..", progress(0, 20, None, None)),
    ],
)
def test_the_uploads_progress_is_read_from_its_words(text: str, expected: BulkProgress) -> None:
    assert read_progress(text, "업로드") == expected


def test_the_delete_dialog_has_words_of_its_own() -> None:
    done = read_progress("모든 상품 삭제가 완료됐습니다. 2/2 삭제 완료", "삭제")
    assert (done.handled, done.total, done.is_finished) == (2, 2, True)


@pytest.mark.parametrize(
    ("text", "is_started"),
    [
        ("0/20 업로드중..", True),
        ("모든 업로드가 완료됐습니다.", True),
        ("선택 상품 일괄 업로드 선택 20개 상품", False),
        ("편집하지 않은 상품 20개 업로드", False),
        (HINT, False),
    ],
)
def test_only_a_dialog_that_works_is_taken_for_one(*, text: str, is_started: bool) -> None:
    assert bool(progress_pattern("업로드").search(text)) is is_started


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        (HEADS, [KEY, KEY, "카테고리 누락"]),
        (["번호", *HEADS], ["", "1", KEY, "카테고리 누락"]),
        (HEADS[::-1], ["", "카테고리 누락", KEY]),
        (HEADS, [KEY, "1", "카테고리 누락"]),  # the id is cut: the row's own key tells it
        ([], ["", KEY, "카테고리 누락"]),
    ],
)
def test_a_failed_product_is_told_by_its_id_and_the_sites_reason(
    heads: list[str], row: list[str]
) -> None:
    assert failed_products(heads, [row]) == (FailedProduct(key=KEY, reason="카테고리 누락"),)


def test_rows_without_a_reason_or_an_id_are_no_failures() -> None:
    rows = [["", KEY, "-"], ["", OTHER, ""], ["", "합계", "2건"]]
    assert failed_products(HEADS, rows) == ()
