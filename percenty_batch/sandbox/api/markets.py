"""Calls of 마켓 설정 and of the dialogs that upload and delete."""

from typing import Any

from starlette.requests import Request

from percenty_batch.sandbox.api.call import Answer, Call, full
from percenty_batch.sandbox.areas import markets, uploading
from percenty_batch.sandbox.store import Session, Store


def _all(store: Store, session: Session, _request: Request, _body: dict[str, Any]) -> Answer:
    told = markets.desk(store, session).markets
    return {
        "carriers": markets.CARRIERS,
        "markets": {key: _market(each) for key, each in told.items()},
    }


def _disconnect(store: Store, session: Session, request: Request, _body: dict[str, Any]) -> Answer:
    return {"stays": markets.disconnect(store, session, request.path_params["key"])}


def _verify(store: Store, session: Session, request: Request, body: dict[str, Any]) -> Answer:
    key = request.path_params["key"]
    markets.verify(store, session, key, body)
    return _market(markets.market(store, session, key))


def _profile(store: Store, session: Session, _request: Request, body: dict[str, Any]) -> Answer:
    markets.add_profile(store, session, str(body["carrier"]))
    return _market(markets.market(store, session, "est"))


def _upload(store: Store, session: Session, request: Request, body: dict[str, Any]) -> Answer:
    key = request.path_params["key"]
    return full(uploading.upload(store, session, key, list(body["markets"])))


def _delete(store: Store, session: Session, request: Request, body: dict[str, Any]) -> Answer:
    key, scope = request.path_params["key"], body["scope"]
    uploading.delete(store, session, key, scope, list(body["markets"]))
    return {}


def _market(market: markets.Market) -> Answer:
    return {
        "values": market.values,
        "is_verified": market.is_verified,
        "carrier": market.carrier,
    }


CALLS: tuple[tuple[str, str, Call], ...] = (
    ("GET", "/api/markets", _all),
    ("POST", "/api/markets/est/profile", _profile),
    ("POST", "/api/markets/{key}/disconnect", _disconnect),
    ("POST", "/api/markets/{key}/verify", _verify),
    ("POST", "/api/products/{key}/upload", _upload),
    ("POST", "/api/products/{key}/bulk-delete", _delete),
)
