import asyncio
from typing import Any

import pytest

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty import GroupProducts
from percenty_batch.percenty.groups import UNGROUPED
from percenty_batch.percenty.traffic import Traffic
from tests.unit.percenty.pages import FakePage, answer, lose, screen_of, signed_in


def showing(total: int | None, rows: int, *, group: str = UNGROUPED) -> dict[str, Any]:
    """What the page's script reads: its count and its rows."""
    products = [
        {
            "key": f"{number:024x}",
            "name": f"상품 {number}",
            "name_position": 0,
            "group": group,
            "is_selected": False,
        }
        for number in range(rows)
    ]
    return {"total": total, "selected": None, "is_loading": False, "rows": products}


@pytest.fixture
def traffic() -> Traffic:
    return signed_in()


def products(traffic: Traffic, shown: dict[str, Any]) -> GroupProducts:
    return GroupProducts(screen_of(FakePage(shown=shown), traffic))


async def test_count_and_rows_that_agree_are_read(traffic: Traffic) -> None:
    page = await products(traffic, showing(20, 3)).read(is_grouped=False)
    assert (page.total, [row.name for row in page.rows]) == (20, ["상품 0", "상품 1", "상품 2"])


async def test_an_empty_list_is_believed_only_after_a_long_silence(traffic: Traffic) -> None:
    page = await products(traffic, showing(0, 0)).read(is_grouped=False)
    assert (page.total, page.rows) == (0, ())
    assert asyncio.get_running_loop().time() >= 1.0


@pytest.mark.parametrize("status", [403, 404, 500, 503])
async def test_no_empty_list_is_believed_after_a_refused_call(
    traffic: Traffic, status: int
) -> None:
    answer(traffic, status, method="GET")
    with pytest.raises(WorkError, match=f"사이트 오류: GET /products → {status}") as caught:
        await products(traffic, showing(0, 0)).read(is_grouped=False)
    assert caught.value.kind is FailureKind.SITE_ERROR


async def test_no_empty_list_is_believed_after_a_lost_call(traffic: Traffic) -> None:
    lose(traffic, "net::ERR_CONNECTION_RESET", method="GET")
    with pytest.raises(WorkError, match="응답 없음"):
        await products(traffic, showing(0, 0)).read(is_grouped=False)


async def test_rows_are_believed_though_some_other_call_failed(traffic: Traffic) -> None:
    answer(traffic, 404, method="GET")
    assert (await products(traffic, showing(2, 2)).read(is_grouped=False)).total == 2


async def test_the_rows_of_before_are_no_news_after_a_call_that_failed(traffic: Traffic) -> None:
    listed = products(traffic, showing(2, 2))
    answer(traffic, 404, method="GET")  # what never worked is not the list
    for _ in range(2):
        assert (await listed.read(is_grouped=False)).total == 2
    answer(traffic, 200, method="GET")
    answer(traffic, 500, method="GET")
    with pytest.raises(WorkError, match="사이트 오류: GET /products → 500"):
        await listed.read(is_grouped=False)
    answer(traffic, 200, method="GET")
    assert (await listed.read(is_grouped=False)).total == 2


async def test_a_list_is_believed_after_a_call_that_the_page_aborted(traffic: Traffic) -> None:
    lose(traffic, "net::ERR_ABORTED", method="GET")
    assert (await products(traffic, showing(2, 2)).read(is_grouped=False)).total == 2


async def test_an_empty_list_is_not_believed_when_its_call_fails_late(traffic: Traffic) -> None:
    def fail() -> None:
        answer(traffic, 500, method="GET")

    asyncio.get_running_loop().call_later(0.7, fail)
    with pytest.raises(WorkError, match="사이트 오류"):
        await products(traffic, showing(0, 0)).read(is_grouped=False)


async def test_a_list_that_was_asked_for_after_the_failure_is_believed(traffic: Traffic) -> None:
    answer(traffic, 500, method="GET")
    assert (await products(traffic, showing(0, 0)).show(is_grouped=False)).total == 0


@pytest.mark.parametrize(
    "shown",
    [
        showing(None, 0),
        showing(3, 0),
        showing(0, 3),
        showing(2, 3),
        showing(3, 3, group="다른 그룹"),
        showing(3, 3) | {"is_loading": True},
    ],
)
async def test_count_rows_and_view_that_never_agree_are_a_changed_page(
    traffic: Traffic, shown: dict[str, Any]
) -> None:
    with pytest.raises(WorkError, match="맞지 않습니다") as caught:
        await products(traffic, shown).read(is_grouped=False)
    assert caught.value.kind is FailureKind.PAGE_CHANGED
