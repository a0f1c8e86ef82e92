import pytest

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty import Drawer
from percenty_batch.percenty.traffic import Traffic
from tests.unit.percenty.pages import FakePage, answer, lose, screen_of, signed_in

CHANGES = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def traffic() -> Traffic:
    return signed_in()


def opened(traffic: Traffic, *messages: str) -> Drawer:
    return Drawer(screen_of(FakePage(texts=messages), traffic))


@pytest.mark.parametrize("status", [400, 403, 409, 422, 500])
@pytest.mark.parametrize("method", CHANGES)
async def test_a_change_that_the_site_refused_is_not_saved(
    traffic: Traffic, method: str, status: int
) -> None:
    drawer = opened(traffic)
    answer(traffic, status, method=method)
    with pytest.raises(ItemError, match=f"사이트 오류: {method} /products → {status}") as caught:
        await drawer.saved()
    assert caught.value.kind is FailureKind.SITE_ERROR


async def test_a_change_that_was_lost_is_not_saved(traffic: Traffic) -> None:
    drawer = opened(traffic)
    lose(traffic, "net::ERR_CONNECTION_RESET", method="PUT")
    with pytest.raises(ItemError, match="응답 없음"):
        await drawer.saved()


async def test_a_refused_change_stays_refused_at_every_later_look(traffic: Traffic) -> None:
    drawer = opened(traffic)
    answer(traffic, 422, method="PUT")
    answer(traffic, 200, method="PUT")
    for _ in range(2):
        with pytest.raises(ItemError):
            await drawer.saved()


async def test_a_message_of_failure_is_one(traffic: Traffic) -> None:
    with pytest.raises(ItemError, match="사이트 오류: 저장에 실패했습니다"):
        await opened(traffic, "저장에  실패했습니다").saved()


async def test_an_aborted_change_was_given_up_by_the_page_itself(traffic: Traffic) -> None:
    drawer = opened(traffic)
    lose(traffic, "net::ERR_ABORTED", method="PUT")
    await drawer.saved()


async def test_a_failed_question_is_no_refused_change(traffic: Traffic) -> None:
    drawer = opened(traffic)
    answer(traffic, 500, method="GET")
    await drawer.saved()


async def test_an_excused_refusal_is_none_but_later_ones_are(traffic: Traffic) -> None:
    drawer = opened(traffic)
    answer(traffic, 409, method="PUT")
    traffic.excuse(0)
    await drawer.saved()

    answer(traffic, 409, method="PUT")
    with pytest.raises(ItemError):
        await drawer.saved()


async def test_what_was_refused_before_the_drawer_opened_is_not_its_own(traffic: Traffic) -> None:
    answer(traffic, 422, method="PUT")
    await opened(traffic).saved()
