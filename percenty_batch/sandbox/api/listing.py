"""Calls of the lists."""

from typing import Any

from starlette.requests import Request

from percenty_batch.sandbox.api.call import Answer, Call, full
from percenty_batch.sandbox.areas.listing import Query, list_products, move
from percenty_batch.sandbox.store import Session, Store


def _list(store: Store, session: Session, request: Request, _body: dict[str, Any]) -> Answer:
    params = request.query_params
    query = Query(
        is_grouped={"true": True, "false": False}.get(params.get("grouped", "")),
        is_collected=params.get("collected") == "true",
        group=params.get("group") or None,
        keyword=params.get("keyword", ""),
        status=params.get("status") or None,
        markets=tuple(filter(None, params.get("markets", "").split(","))),
        page=int(params.get("page", "1")),
        size=int(params.get("size", "20")),
        is_refresh=params.get("refresh") == "true",
    )
    total, rows = list_products(store, session, query)
    return {"total": total, "rows": [full(product) for product in rows]}


def _move(store: Store, session: Session, _request: Request, body: dict[str, Any]) -> Answer:
    move(store, session, list(body["keys"]), body["group"])
    return {}


CALLS: tuple[tuple[str, str, Call], ...] = (
    ("GET", "/api/products", _list),
    ("POST", "/api/move", _move),
)
