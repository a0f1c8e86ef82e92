"""Calls of the product drawer."""

from typing import Any

from starlette.requests import Request

from percenty_batch.sandbox.api.call import Answer, Call, full
from percenty_batch.sandbox.areas import editing
from percenty_batch.sandbox.store import Session, Store


def _read(store: Store, session: Session, request: Request, _body: dict[str, Any]) -> Answer:
    return full(store.product(session, request.path_params["key"]))


def _save(store: Store, session: Session, request: Request, body: dict[str, Any]) -> Answer:
    return full(editing.save(store, session, request.path_params["key"], body))


def _delete(store: Store, session: Session, request: Request, _body: dict[str, Any]) -> Answer:
    editing.delete(store, session, request.path_params["key"])
    return {}


def _delete_image(store: Store, session: Session, request: Request, body: dict[str, Any]) -> Answer:
    key = request.path_params["key"]
    return full(editing.delete_image(store, session, key, str(body["image"])))


def _copy(store: Store, session: Session, request: Request, _body: dict[str, Any]) -> Answer:
    return full(editing.copy(store, session, request.path_params["key"]))


CALLS: tuple[tuple[str, str, Call], ...] = (
    ("GET", "/api/products/{key}", _read),
    ("PATCH", "/api/products/{key}", _save),
    ("DELETE", "/api/products/{key}", _delete),
    ("POST", "/api/products/{key}/delete-image", _delete_image),
    ("POST", "/api/products/{key}/copy", _copy),
)
