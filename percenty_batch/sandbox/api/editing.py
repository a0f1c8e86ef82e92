"""Calls of the product drawer."""

from typing import Any

from starlette.requests import Request

from percenty_batch.sandbox.api.call import Answer, Call, full
from percenty_batch.sandbox.areas import editing, refining
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


def _translate(store: Store, session: Session, request: Request, body: dict[str, Any]) -> Answer:
    image = refining.translate(store, session, request.path_params["key"], str(body["image"]))
    return {"image": image}


def _save_images(store: Store, session: Session, request: Request, body: dict[str, Any]) -> Answer:
    key, area = request.path_params["key"], str(body["area"])
    return full(refining.save_images(store, session, key, area, [*map(str, body["images"])]))


def _refine(store: Store, session: Session, request: Request, _body: dict[str, Any]) -> Answer:
    return full(refining.refine(store, session, request.path_params["key"]))


CALLS: tuple[tuple[str, str, Call], ...] = (
    ("GET", "/api/products/{key}", _read),
    ("PATCH", "/api/products/{key}", _save),
    ("DELETE", "/api/products/{key}", _delete),
    ("POST", "/api/products/{key}/delete-image", _delete_image),
    ("POST", "/api/products/{key}/copy", _copy),
    ("POST", "/api/products/{key}/translate", _translate),
    ("POST", "/api/products/{key}/edited-images", _save_images),
    ("POST", "/api/products/{key}/refine", _refine),
)
