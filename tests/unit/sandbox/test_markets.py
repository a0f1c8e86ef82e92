import pytest

from percenty_batch.sandbox import Faults, MarketFaults
from percenty_batch.sandbox.areas import markets, uploading
from percenty_batch.sandbox.store import Refused, Session, Store, Unanswered
from tests.unit.sandbox.stores import ID, key_of, open_store


def connected_store(faults: MarketFaults | None = None) -> tuple[Store, Session]:
    store, session, _ = open_store(Faults(markets=faults or MarketFaults()))
    for key in ("cp", "est", "kakao"):
        markets.disconnect(store, session, key)
    markets.verify(store, session, "est", {"api": "key"})
    return store, session


def test_an_account_begins_with_markets_of_yesterday() -> None:
    store, session, _ = open_store()
    assert markets.connected(store, session) == {"cp", "est", "kakao"}


def test_disconnecting_takes_keys_and_profile_and_is_recorded() -> None:
    store, session = connected_store()
    markets.add_profile(store, session, "롯데(현대)택배")
    markets.disconnect(store, session, "est")
    assert markets.market(store, session, "est") == markets.Market()
    assert [(c.what, c.after) for c in store.record[-3:]] == [
        ("market:est", ("key",)),
        ("market:est:profile", "롯데(현대)택배"),
        ("market:est", None),
    ]


@pytest.mark.parametrize("values", [{}, {"api": " "}, {"api": "bad"}])
def test_a_key_that_nobody_knows_is_refused_with_words(values: dict[str, str]) -> None:
    store, session, _ = open_store(Faults(markets=MarketFaults(refused_keys=("bad",))))
    with pytest.raises(Refused, match="API 키를 확인해"):
        markets.verify(store, session, "esm" if not values else "est", values)


def test_a_product_is_uploaded_to_connected_markets_and_keeps_its_group() -> None:
    store, session = connected_store()
    key = key_of(store, 0)
    uploading.upload(store, session, key, ["est"])
    product = store.product(session, key)
    assert (product.markets, product.group) == (("est",), None)
    with pytest.raises(Refused, match="연결되지 않은"):
        uploading.upload(store, session, key, ["est", "kakao"])


def test_uploads_fail_stay_silent_or_get_lost_as_told() -> None:
    store, session = connected_store(
        MarketFaults(upload_errors=(1,), silent_uploads=(2,), lost_uploads=(3,))
    )
    key = key_of(store, 0)
    with pytest.raises(Refused, match="일시적인 오류"):
        uploading.upload(store, session, key, ["est"])
    with pytest.raises(Unanswered):
        uploading.upload(store, session, key, ["est"])
    assert uploading.upload(store, session, key, ["est"]).markets == ()
    assert uploading.upload(store, session, key, ["est"]).markets == ("est",)


def test_the_oldest_of_a_group_are_the_ones_that_no_market_takes() -> None:
    store, session = connected_store(MarketFaults(unsellable_per_group=1))
    uploading.upload(store, session, key_of(store, 0), ["est"])
    for _ in range(2):
        with pytest.raises(Refused, match=r"\[est\] 카테고리"):
            uploading.upload(store, session, key_of(store, 2), ["est"])


def test_a_bulk_deletion_takes_everything_or_only_the_markets() -> None:
    store, session = connected_store()
    first, second = key_of(store, 0), key_of(store, 1)
    uploading.upload(store, session, first, ["est"])
    uploading.delete(store, session, first, "upload_info", ["est"])
    uploading.delete(store, session, second, "everywhere", [])
    assert store.product(session, first).markets == ()
    assert second not in [product.key for product in store.products(ID)]
    assert [change.what for change in store.record[-2:]] == ["upload_info", "deleted"]
