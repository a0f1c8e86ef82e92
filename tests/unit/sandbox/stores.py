"""A store of one account whose clock the test turns."""

from datetime import UTC, datetime

from percenty_batch.sandbox import Faults, SandboxAccount, Shape
from percenty_batch.sandbox.store import Session, Store

ID = "a@example.com"


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def open_store(
    faults: Faults | None = None, shapes: tuple[Shape, ...] = (Shape(), Shape(), Shape())
) -> tuple[Store, Session, Clock]:
    clock = Clock()
    account = SandboxAccount(id=ID, password="pw", shapes=shapes, faults=faults or Faults())
    store = Store(seed=1, accounts=[account], now=clock)
    return store, store.sign_in(ID, "pw"), clock


def key_of(store: Store, position: int) -> str:
    return store.products(ID)[position].key
