"""Calls of the dialog 일괄 번역."""

from dataclasses import asdict
from typing import Any

from starlette.requests import Request

from percenty_batch.sandbox.api.call import Answer, Call
from percenty_batch.sandbox.areas.translation import Translations
from percenty_batch.sandbox.store import Session, Store


def _open(store: Store, session: Session, _request: Request, _body: dict[str, Any]) -> Answer:
    area = store.area(Translations)
    rules = session.account.translation
    return {
        "left": None if rules.is_quota_unreadable else area.left(session),
        "sign": rules.sign,
        "has_notice": area.open(session),
    }


def _start(store: Store, session: Session, _request: Request, body: dict[str, Any]) -> Answer:
    store.area(Translations).start(session, list(body["keys"]))
    return {}


def _progress(store: Store, session: Session, _request: Request, _body: dict[str, Any]) -> Answer:
    progress = store.area(Translations).progress(session)
    return {} if progress is None else asdict(progress)


CALLS: tuple[tuple[str, str, Call], ...] = (
    ("POST", "/api/translation/offer", _open),
    ("POST", "/api/translation", _start),
    ("GET", "/api/translation/progress", _progress),
)
