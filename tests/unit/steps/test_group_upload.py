"""What is concluded from the upload dialog's words and the list beside them."""

import pytest

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.models import ItemOutcome
from percenty_batch.percenty import FailedProduct, UploadReport
from percenty_batch.steps.group_upload import GroupUpload, reasons
from percenty_batch.steps.market_upload import _ended
from tests.unit.jobs.builders import product_key

A, B, C, D = map(product_key, range(4))


def report(succeeded: int, failed_count: int = 0, **failed: str) -> UploadReport:
    """Make the dialog's words; `failed` maps the letters of products to reasons."""
    keys = {"A": A, "B": B, "C": C, "D": D}
    told = tuple(FailedProduct(key=keys[name], reason=why) for name, why in failed.items())
    return UploadReport(
        succeeded=succeeded,
        failed_count=failed_count or len(told),
        failed=told,
        is_finished=True,
    )


def after(told: UploadReport, *here: str, batch: tuple[str, ...] = (A, B, C)) -> GroupUpload:
    work = GroupUpload(given=set(batch))
    work.take(told, batch, frozenset(here))
    return work


def test_what_has_left_the_list_is_uploaded() -> None:
    work = after(report(3))
    assert (work.left, work.failed, work.doubtful, work.waiting) == ({A, B, C}, {}, set(), set())
    assert _ended(work, ()).outcome is ItemOutcome.DONE


def test_a_failure_is_told_with_its_reason_and_the_row_is_done_all_the_same() -> None:
    work = after(report(2, B="카테고리 누락"), B)
    assert (work.left, work.failed) == ({A, C}, {B: "카테고리 누락"})
    ended = _ended(work, ("톡스토어: 키 오류",))
    assert ended.outcome is ItemOutcome.DONE
    assert ended.reason == (
        "API 검증 실패 - 톡스토어: 키 오류; 상품 1개 업로드 실패: 카테고리 누락 (1개)"
    )


def test_a_product_that_left_is_uploaded_although_a_market_refused_it() -> None:
    work = after(report(2, B="[kakao] 거절"))
    assert (work.left, work.failed) == ({A, B, C}, {})


def test_a_failure_that_the_table_keeps_silent_about_is_still_one() -> None:
    work = after(report(1, 2, B="카테고리 누락"), B, C)
    assert work.failed == {B: "카테고리 누락", C: "사유를 알 수 없음"}


def test_a_success_that_stays_in_the_list_is_doubtful_and_not_tried_again() -> None:
    work = after(report(3), C)
    assert (work.doubtful, work.passed) == ({C}, {C})
    with pytest.raises(ItemError) as caught:
        _ended(work, ())
    assert (caught.value.kind, caught.value.effect_unknown) == (FailureKind.SITE_ERROR, True)


def test_a_row_of_which_nothing_could_be_uploaded_has_failed() -> None:
    work = after(report(0, A="누락", B="누락", C="금지어"), A, B, C)
    ended = _ended(work, ())
    assert ended.outcome is ItemOutcome.FAILED
    assert ended.reason == "상품 3개 업로드 실패: 누락 (2개), 금지어 (1개)"


def test_products_that_were_not_reached_are_no_success() -> None:
    work = after(report(3), D)
    assert work.waiting == {D}
    with pytest.raises(ItemError, match="상품 1개가 남아 있습니다"):
        _ended(work, ())


def test_what_an_earlier_round_uploaded_counts_on() -> None:
    work = GroupUpload(given={A, B})
    work.take(report(1, B="누락"), (A, B), frozenset({B, C}))
    work.given.add(C)
    work.take(report(1), (C,), frozenset({B}))
    assert (work.left, work.failed) == ({A, C}, {B: "누락"})


def test_reasons_are_summed_up_the_most_frequent_first() -> None:
    assert reasons({A: "x", B: "y", C: "y"}) == "y (2개), x (1개)"
