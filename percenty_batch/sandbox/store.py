"""The site's core without HTTP: accounts, sign-ins, products, and the record of every change.

What can be done with the products stands in `areas`, one module per area.
"""

import heapq
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from percenty_batch.sandbox.accounts import SandboxAccount
from percenty_batch.sandbox.record import Change, Value
from percenty_batch.sandbox.world import Product, group_names, make_products

_SITE_ERROR = "일시적인 오류가 발생했습니다."
_REFUSALS = {
    "wrong_password": "비밀번호가 올바르지 않습니다",
    "locked": "로그인 시도가 많아 계정이 잠겼습니다. 고객센터에 문의해 주세요.",
    "captcha": "자동입력 방지 문자를 입력해 주세요.",
    "unknown_email": "등록되지 않은 이메일입니다",
}
_Area = TypeVar("_Area")


class Refused(Exception):  # noqa: N818 - an answer of the site, not a defect
    """The site says no. `status` is the HTTP status, `kind` a word for machines."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


class Unanswered(Exception):  # noqa: N818
    """The site never answers this call."""


@dataclass(slots=True, kw_only=True)
class Session:
    """One sign-in, while it lasts."""

    number: int
    token: str
    account: SandboxAccount
    calls: int = 0


@dataclass(slots=True, kw_only=True)
class Seller:
    """One account's state. `listed` is what a stale list still shows, until `listed_until`."""

    account: SandboxAccount
    products: dict[str, Product]
    positions: tuple[str, ...]  # keys of the products that were ungrouped at the start
    calls: int = 0
    sign_ins: int = 0
    sign_in_tries: int = 0
    saves: int = 0
    moves: int = 0
    lists: int = 0
    listed: tuple[Product, ...] = ()
    listed_until: datetime | None = None

    def at(self, positions: tuple[int, ...]) -> set[str]:
        """Give the keys of the products that stood at these positions of `shapes`."""
        return {self.positions[position] for position in positions}


class Store:
    """All state of one sandbox site. Not thread-safe: one event loop owns it.

    While `is_down` every call of the API is answered with 500; any thread may set it.
    """

    def __init__(
        self,
        *,
        seed: int,
        accounts: Sequence[SandboxAccount],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.seed = seed
        self.now = now
        self.record: list[Change] = []
        self.is_down = False
        self._tries = 0
        self._sessions: dict[str, Session] = {}
        self._sellers = {account.id: _seller(seed, account) for account in accounts}
        self._areas: dict[Callable[[Store], Any], Any] = {}
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._promised = 0
        self.alarm: Callable[[float], None] = lambda _delay_s: None  # the server sets it

    def area(self, kind: Callable[["Store"], _Area]) -> _Area:
        """Give the one state that an area keeps of this site, made when it is first asked for."""
        if kind not in self._areas:
            self._areas[kind] = kind(self)
        made: _Area = self._areas[kind]
        return made

    def later(self, delay_s: float, action: Callable[[], None]) -> None:
        """Have something happen on the site by itself, so many seconds from now."""
        self._promised += 1
        due_at = self.now() + timedelta(seconds=delay_s)
        heapq.heappush(self._due, (due_at, self._promised, action))
        self.alarm(delay_s)

    def catch_up(self) -> None:
        """Let happen what is due."""
        while self._due and self._due[0][0] <= self.now():
            heapq.heappop(self._due)[2]()

    def check_up(self) -> None:
        """Raise `Refused` during an outage."""
        if self.is_down:
            raise Refused(500, "site_error", _SITE_ERROR)

    def sign_in(self, email: str, password: str) -> Session:
        """Open a session, or raise `Refused`; both are recorded."""
        self._tries += 1
        seller = self._sellers.get(email)
        if seller is None:
            raise self._refused(email, 401, "unknown_email")
        self._count_call(seller)
        seller.sign_in_tries += 1
        faults = seller.account.faults
        if seller.sign_in_tries <= faults.sign_in_errors:
            self._note(self._tries, email, None, "sign_in", None, "site_error")
            raise Refused(500, "site_error", _SITE_ERROR)
        if faults.refusal:
            raise self._refused(email, 401, faults.refusal)
        if not secrets.compare_digest(password.encode(), seller.account.password.encode()):
            raise self._refused(email, 401, "wrong_password")
        return self._open_session(seller)

    def session(self, token: str | None) -> Session:
        """Find the session of a call and count the call; raise when it has none or has expired."""
        self.catch_up()
        session = self._sessions.get(token or "")
        if session is None:
            raise Refused(401, "signed_out", "로그인이 필요합니다.")
        self._count_call(self._sellers[session.account.id])
        session.calls += 1
        faults = session.account.faults
        limit = faults.session_expires_after
        if limit is not None and session.calls > limit and self._may_expire(session):
            del self._sessions[session.token]
            raise Refused(401, "signed_out", "로그인이 만료되었습니다.")
        return session

    def slowness(self, account_id: str) -> float:
        seller = self._sellers.get(account_id)
        return seller.account.faults.slowness if seller else 1.0

    def groups(self, account: SandboxAccount) -> tuple[str, ...]:
        return group_names(has_lower_case_trash=account.has_lower_case_trash)

    def products(self, account_id: str) -> tuple[Product, ...]:
        """Tell the truth about an account's products, newest first."""
        return tuple(self._sellers[account_id].products.values())

    def accounts(self) -> tuple[SandboxAccount, ...]:
        return tuple(seller.account for seller in self._sellers.values())

    def seller(self, session: Session) -> Seller:
        return self._sellers[session.account.id]

    def product(self, session: Session, key: str) -> Product:
        product = self.seller(session).products.get(key)
        if product is None:
            raise Refused(404, "not_found", "상품을 찾을 수 없습니다.")
        return product

    def count_save(self, session: Session, key: str) -> None:
        """Count a save of the product, or refuse it by a fault."""
        seller = self.seller(session)
        faults = session.account.faults
        seller.saves += 1
        if seller.saves in faults.save_errors or key in seller.at(faults.broken_products):
            raise Refused(500, "site_error", "저장에 실패했습니다. 잠시 후 다시 시도해 주세요.")

    def put(
        self, session: Session, product: Product, what: str, before: Value, after: Value
    ) -> None:
        """Keep the changed product and record the change."""
        self.seller(session).products[product.key] = product
        self.note(session, product.key, what, before, after)

    def note(
        self, session: Session, product: str | None, what: str, before: Value, after: Value
    ) -> None:
        """Record what a session did."""
        self._note(session.number, session.account.id, product, what, before, after)

    def _note(
        self,
        sign_in: int,
        account: str,
        product: str | None,
        what: str,
        before: Value,
        after: Value,
    ) -> None:
        self.record.append(
            Change(
                at=self.now(),
                sign_in=sign_in,
                account=account,
                product=product,
                what=what,
                before=before,
                after=after,
            )
        )

    def _open_session(self, seller: Seller) -> Session:
        seller.sign_ins += 1
        session = Session(number=self._tries, token=secrets.token_hex(16), account=seller.account)
        self._sessions[session.token] = session
        self._note(session.number, seller.account.id, None, "sign_in", None, "ok")
        return session

    def _refused(self, email: str, status: int, kind: str) -> Refused:
        self._note(self._tries, email, None, "sign_in", None, kind)
        return Refused(status, kind, _REFUSALS[kind])

    def _may_expire(self, session: Session) -> bool:
        faults = session.account.faults
        return self._sellers[session.account.id].sign_ins <= faults.session_expiries

    def _count_call(self, seller: Seller) -> None:
        seller.calls += 1
        limit = seller.account.faults.hangs_after
        if limit is not None and seller.calls > limit:
            raise Unanswered


def _seller(seed: int, account: SandboxAccount) -> Seller:
    products = make_products(seed, account)
    return Seller(
        account=account,
        products={product.key: product for product in products},
        positions=tuple(product.key for product in products[: len(account.shapes)]),
    )
