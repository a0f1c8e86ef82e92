"""How often an account did what: faults name the ordinals that go wrong."""

from collections import Counter

from percenty_batch.sandbox.store import Session, Store


class Ordinals:
    """Counts from 1, per account and deed."""

    def __init__(self, _store: Store) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def next(self, session: Session, deed: str) -> int:
        self._counts[session.account.id, deed] += 1
        return self._counts[session.account.id, deed]


def is_next_of(store: Store, session: Session, deed: str, ordinals: tuple[int, ...]) -> bool:
    """Count the deed, and say whether it is one of these."""
    return store.area(Ordinals).next(session, deed) in ordinals
