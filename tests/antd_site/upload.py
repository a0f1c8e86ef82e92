"""선택 상품 일괄 업로드 on the server: product by product, to the markets that are connected."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.antd_site.world import RefusedError

if TYPE_CHECKING:
    from tests.antd_site.store import Store

MOST_PRODUCTS = 50


class Upload:
    """The account's running or last upload."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._began_at = 0.0
        self._sign_in = self._total = 0
        self._markets: list[str] = []
        self._waiting: list[str] = []
        self._results: list[dict[str, str]] = []
        self._uploaded_ever = 0

    def start(self, sign_in: int, ids: Sequence[str], markets: Sequence[str]) -> dict[str, Any]:
        """Begin; raises RefusedError for too many products, no market, or one at work."""
        self.advance()
        if self._waiting:
            raise RefusedError(409, "busy", "업로드가 진행 중입니다.")
        if not 0 < len(ids) <= MOST_PRODUCTS:
            raise RefusedError(400, "count", "한 번에 50개까지 업로드할 수 있습니다.")
        if not markets:
            raise RefusedError(400, "markets", "업로드할 마켓을 선택해주세요.")
        self._began_at, self._sign_in, self._total = self._store.clock(), sign_in, len(ids)
        self._markets, self._waiting, self._results = list(markets), list(ids), []
        return self.state()

    def abort(self, sign_in: int) -> dict[str, Any]:
        self.advance()
        if self._waiting:
            self._store.note(sign_in, self._waiting[0], "upload_aborted", len(self._waiting), None)
        self._waiting = []
        return self.state()

    def state(self) -> dict[str, Any]:
        """Return the numbers and each product's result; `reason` is empty for a success."""
        self.advance()
        failed = sum(bool(result["reason"]) for result in self._results)
        done = len(self._results)
        return {
            "total": self._total,
            "done": done,
            "succeeded": done - failed,
            "failed": failed,
            "running": bool(self._waiting),
            "results": self._results,
        }

    def advance(self) -> None:
        """Upload the products whose turn has come."""
        each_s = self._store.options.upload_s / max(self._total, 1)
        due = int((self._store.clock() - self._began_at) / max(each_s, 0.001))
        while self._waiting and len(self._results) < due:
            self._finish(self._waiting.pop(0))

    def _finish(self, key: str) -> None:
        self._uploaded_ever += 1
        connected = self._store.markets.connected()
        keys = {name: dict(connected[name].values) for name in self._markets if name in connected}
        reason = self._refusal(keys)
        self._results.append({"id": key, "reason": reason})
        if reason:
            self._store.note(self._sign_in, key, "upload_failed", None, reason)
            return
        product = self._store.find(key)
        product.uploaded = sorted({*product.uploaded, *keys})
        self._store.note(self._sign_in, key, "uploaded", None, keys)

    def _refusal(self, keys: dict[str, dict[str, str]]) -> str:
        if self._uploaded_ever in self._store.account.faults.failing_uploads:
            return "카테고리 정보를 확인해주세요."
        if not keys:
            return "연결된 마켓이 없습니다."
        if "est" in keys and not self._store.markets.connected()["est"].profiles:
            return "11번가 배송 프로필이 없습니다."
        return ""
