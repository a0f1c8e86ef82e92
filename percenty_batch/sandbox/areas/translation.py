"""일괄 번역: a quota of each day, and translations that go on by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from percenty_batch.sandbox.store import Refused, Session, Store
from percenty_batch.sandbox.world import translated_name

MOST_AT_ONCE = 50


@dataclass(slots=True, kw_only=True)
class Progress:
    """The latest lot of an account."""

    total: int
    done: int = 0
    failed: int = 0


@dataclass(slots=True, kw_only=True)
class _Account:
    day: str = ""
    used: int = 0
    starts: int = 0
    started: int = 0  # products, over all lots
    openings: int = 0
    progress: Progress | None = None


class Translations:
    """The translations of all accounts of one site."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._accounts: dict[str, _Account] = {}

    def left(self, session: Session) -> int:
        """Count what the account may still translate today."""
        return session.account.translation.quota - self._of(session).used

    def open(self, session: Session) -> bool:
        """Count an opening of the dialog; true when another dialog comes first."""
        mine = self._of(session)
        mine.openings += 1
        return mine.openings <= session.account.translation.notices

    def progress(self, session: Session) -> Progress | None:
        return self._of(session).progress

    def start(self, session: Session, keys: Sequence[str]) -> None:
        """Begin to translate; each product is done by and by, unless a fault prevents it."""
        rules, mine = session.account.translation, self._of(session)
        mine.starts += 1
        if mine.starts in rules.errors:
            raise Refused(500, "site_error", "번역을 시작하지 못했습니다.")
        if not 0 < len(keys) <= MOST_AT_ONCE:
            raise Refused(400, "too_many", f"한 번에 {MOST_AT_ONCE}개까지 번역할 수 있습니다.")
        if len(keys) > self.left(session):
            raise Refused(400, "quota", "남은 번역 횟수가 부족합니다.")
        mine.used += len(keys)
        mine.progress = Progress(total=len(keys))
        for place, key in enumerate(keys, start=1):
            mine.started += 1
            self._set(session, key, "running")
            if mine.starts not in rules.hanging:
                end = partial(self._end, session, key, mine.started in rules.failing, mine.progress)
                self._store.later(rules.lot_s * place / len(keys), end)

    def _end(self, session: Session, key: str, has_failed: bool, progress: Progress) -> None:
        if key not in self._store.seller(session).products:
            return
        if has_failed:
            progress.failed += 1
            self._set(session, key, "failed")
            return
        progress.done += 1
        self._set(session, key, "done")
        product = self._store.product(session, key)
        if (name := translated_name(product.name)) != product.name:
            self._store.put(session, replace(product, name=name), "name", product.name, name)

    def _set(self, session: Session, key: str, state: str) -> None:
        product = self._store.product(session, key)
        after = replace(product, translation=state)
        self._store.put(session, after, "translation", product.translation, state)

    def _of(self, session: Session) -> _Account:
        mine = self._accounts.setdefault(session.account.id, _Account())
        if mine.day != (today := self._store.now().date().isoformat()):
            mine.day, mine.used = today, 0
        return mine
