"""일괄 번역 on the server: asynchronous, product by product, under a daily quota."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.antd_site.world import RefusedError

if TYPE_CHECKING:
    from tests.antd_site.store import Store

MOST_PRODUCTS = 50


class Translation:
    """The account's running or last one; a product that leaves its group meanwhile is lost."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self.quota = store.account.quota
        self._began_at = 0.0
        self._sign_in = 0
        self._waiting: list[tuple[str, str | None]] = []
        self._total = 0

    def start(self, sign_in: int, ids: Sequence[str]) -> dict[str, Any]:
        """Begin; raises RefusedError for too many products, too little quota, or one at work."""
        self.advance()
        if self._waiting:
            raise RefusedError(409, "busy", "번역이 진행 중입니다.")
        if len(ids) > min(self.quota, MOST_PRODUCTS):
            raise RefusedError(400, "quota", "남은 번역 횟수가 부족합니다.")
        self.quota -= len(ids)
        self._began_at, self._sign_in, self._total = self._store.clock(), sign_in, len(ids)
        self._waiting = [(key, self._store.find(key).group) for key in ids]
        return self.state()

    def state(self) -> dict[str, Any]:
        self.advance()
        done = self._total - len(self._waiting)
        return {"total": self._total, "done": done, "running": bool(self._waiting)}

    def advance(self) -> None:
        """Translate the products whose turn has come."""
        each_s = self._store.options.translation_s / max(self._total, 1)
        due = int((self._store.clock() - self._began_at) / max(each_s, 0.001))
        while self._waiting and self._total - len(self._waiting) < due:
            self._finish(*self._waiting.pop(0))

    def _finish(self, key: str, group: str | None) -> None:
        product = self._store.products.get(key)
        if product is None or product.group != group:
            self._store.note(self._sign_in, key, "translation_lost", group, None)
            return
        before, product.name = product.name, product.korean_name or product.name
        product.korean_name = None
        self._store.note(self._sign_in, key, "translated", before, product.name)
