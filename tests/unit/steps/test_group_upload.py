"""What is concluded from the upload dialog's words and the list beside them."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import pytest

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.models import ItemOutcome
from percenty_batch.percenty import FailedProduct, ProductPage, UploadReport
from percenty_batch.settings import JobSettings
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.group_upload import GroupUpload, _keys, reasons
from percenty_batch.steps.market_upload import _ended
from tests.unit.jobs.builders import product_key
from tests.unit.steps.lists import product

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


class Looks:
    """A list that shows other pages at each look, the last ones for good."""

    def __init__(self, *looks: Sequence[ProductPage]) -> None:
        self._looks = list(looks)
        self._pages: list[ProductPage] = []
        self.count = 0

    async def refresh(self, **_silence: float) -> ProductPage:
        self.count += 1
        self._pages = [*self._looks[0]]
        del self._looks[: len(self._looks) > 1]
        return self._pages.pop(0)

    async def next_page(self) -> ProductPage | None:
        return self._pages.pop(0) if self._pages else None

    @property
    def ctx(self) -> StepContext:
        site = SimpleNamespace(collected=self)
        return cast("StepContext", SimpleNamespace(site=site, limits=JobSettings()))


def page(total: int, *numbers: int) -> ProductPage:
    return ProductPage(total=total, rows=tuple(product(number, "A1") for number in numbers))


async def test_keys_are_of_all_pages_and_of_one_moment() -> None:
    assert await _keys(Looks([page(3, 0, 1), page(3, 2)]).ctx) == {A, B, C}
    changing = Looks([page(3, 0, 1), page(1, 1)], [page(1, 2)])
    assert await _keys(changing.ctx) == {C}
    assert changing.count == 2


async def test_keys_are_read_until_what_is_gone_has_left_or_patience_ends() -> None:
    late = Looks([page(2, 0, 1)], [page(2, 0, 1)], [page(1, 1)])
    assert await _keys(late.ctx, gone={A}) == {B}
    assert await _keys(Looks([page(2, 0, 1)]).ctx, gone={A}) == {A, B}


async def test_a_list_that_never_agrees_with_its_count_is_an_error() -> None:
    with pytest.raises(ItemError, match=r"개수\(3\)와 상품\(2개\)이 맞지") as caught:
        await _keys(Looks([page(3, 0, 1)]).ctx)
    assert caught.value.kind is FailureKind.PAGE_CHANGED
