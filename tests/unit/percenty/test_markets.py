import pytest

from percenty_batch.percenty import MarketState
from percenty_batch.percenty.market_pane import KeyInput
from percenty_batch.percenty.markets import (
    ELEVENTH,
    ESM,
    MARKETS,
    TALKSTORE,
    Market,
    field_positions,
)
from percenty_batch.percenty.notices import is_refusal, is_success


def test_the_nine_tabs_have_the_keys_of_the_saved_page() -> None:
    keys = [market.key for market in MARKETS]
    assert keys == ["cp", "ss", "esm", "est", "est_global", "lotteon", "kakao", "ip", "wmp"]


@pytest.mark.parametrize(
    ("market", "labels", "positions"),
    [
        (TALKSTORE, ["판매자 API 인증키", "톡스토어 URL"], (0, 1)),
        (TALKSTORE, ["톡스토어 URL", "판매자 API 인증키"], (1, 0)),
        (TALKSTORE, ["", ""], (0, 1)),
        (TALKSTORE, ["API", "API URL"], (0, 1)),  # the label tells only one: their order does
        (ESM, ["G마켓 아이디", "옥션 아이디"], (1, 0)),
        (ELEVENTH, ["별칭", "OPEN API KEY"], (1,)),
        (ELEVENTH, ["아무 말"], (0,)),
        (TALKSTORE, ["API"], None),
        (ELEVENTH, [], None),
    ],
)
def test_a_key_goes_where_the_labels_say_else_by_order(
    market: Market, labels: list[str], positions: tuple[int, ...] | None
) -> None:
    assert field_positions(labels, market.fields) == positions


@pytest.mark.parametrize(
    ("badge", "is_filled", "is_connected", "is_blank"),
    [
        (True, True, True, False),
        (True, False, True, False),
        (False, True, False, False),
        (False, False, False, True),
        (None, True, True, False),
        (None, False, False, True),
    ],
)
def test_the_badge_tells_whether_a_market_is_connected_and_without_one_its_key(
    *, badge: bool | None, is_filled: bool, is_connected: bool, is_blank: bool
) -> None:
    inputs = (KeyInput(label="API", is_filled=is_filled, verify=0),)
    state = MarketState(badge=badge, inputs=inputs)
    assert (state.is_connected, state.is_blank) == (is_connected, is_blank)


@pytest.mark.parametrize(
    ("text", "says_no", "says_yes"),
    [
        ("API 검증에 실패했습니다.", True, False),
        ("유효하지 않은 API KEY 입니다.", True, False),
        ("API 키를 확인해 주세요", True, False),
        ("API 검증이 완료되었습니다.", False, True),
        ("API 검증에 성공했습니다.", False, True),
        ("검증을 요청했습니다.", False, False),
    ],
)
def test_the_sites_words_say_no_yes_or_neither(*, text: str, says_no: bool, says_yes: bool) -> None:
    assert (is_refusal(text), is_success(text)) == (says_no, says_yes)
