import pytest

from percenty_batch.accounts import MarketRow
from percenty_batch.percenty.markets import MARKETS
from percenty_batch.steps.market_keys import DISCONNECTED, connections
from percenty_batch.steps.market_upload import STEP

URL = "https://store.kakao.com/x"


def row(**keys: str) -> MarketRow:
    names = ("store11_api", "global11_api", "auction_id", "gmarket_id", "talkstore_api")
    given: dict[str, str | None] = dict.fromkeys((*names, "talkstore_url", "smartstore_api"))
    return MarketRow(row=2, account_id="a@example.com", group="쇼핑몰A1", **(given | keys))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, []),
        ({"smartstore_api": "s"}, []),
        ({"store11_api": "e"}, [("est", {"api": "e"})]),
        (
            {"talkstore_api": "t", "talkstore_url": URL, "global11_api": "g"},
            [("kakao", {"api": "t", "url": URL}), ("est_global", {"api": "g"})],
        ),
        ({"gmarket_id": "g"}, [("esm", {"gmarket": "g"})]),
        ({"auction_id": "a", "gmarket_id": "g"}, [("esm", {"auction": "a", "gmarket": "g"})]),
    ],
)
def test_a_row_is_connected_to_the_markets_that_it_has_keys_for(
    keys: dict[str, str], expected: list[tuple[str, dict[str, str]]]
) -> None:
    found = connections(row(**keys))
    assert [(each.market.key, each.values) for each in found] == expected
    assert all(
        value.keys() <= {field.key for field in each.market.fields}
        for each in found
        for value in (each.values,)
    )


def test_keys_are_in_no_repr() -> None:
    assert "secret" not in repr(connections(row(store11_api="secret")))


def test_seven_markets_are_disconnected_and_the_two_dead_ones_left_alone() -> None:
    assert {market.key for market in MARKETS} - {market.key for market in DISCONNECTED} == {
        "ip",
        "wmp",
    }


def test_the_step_says_what_it_does_not_offer() -> None:
    assert STEP.needs.markets
    assert any("네이버" in line for line in STEP.limits)
