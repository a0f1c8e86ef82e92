"""The site without HTTP: accounts, sign-ins, products, and the record of every change."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from percenty_batch.sandbox.accounts import SandboxAccount
from percenty_batch.sandbox.record import Change, Value
from percenty_batch.sandbox.world import (
    Product,
    copy_key,
    group_names,
    make_products,
    without_image,
)

DUPLICATE_NAME = "이미 존재하는 상품명입니다.(-1)"
MAX_NAME = 50
_SITE_ERROR = "일시적인 오류가 발생했습니다."
_REFUSALS = {
    "wrong_password": "비밀번호가 올바르지 않습니다",
    "locked": "로그인 시도가 많아 계정이 잠겼습니다. 고객센터에 문의해 주세요.",
    "captcha": "자동입력 방지 문자를 입력해 주세요.",
    "unknown_email": "등록되지 않은 이메일입니다",
}
_EDITABLE = frozenset(
    {
        "name",
        "memo",
        "is_memo_shown",
        "detail_html",
        "options",
        "thumbnails",
        "prices",
        "keywords",
    }
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list shows. `group` None: all groups; `is_refresh` passes by a stale list."""

    is_grouped: bool
    group: str | None = None
    page: int = 1
    size: int = 20
    is_refresh: bool = False


@dataclass(slots=True, kw_only=True)
class _Seller:
    """One account's state. `listed` is what a stale list still shows, until `listed_until`."""

    account: SandboxAccount
    products: dict[str, Product]
    positions: tuple[str, ...]  # keys of the products that were ungrouped at the start
    calls: int = 0
    sign_ins: int = 0
    sign_in_tries: int = 0
    saves: int = 0
    moves: int = 0
    listed: tuple[Product, ...] = ()
    listed_until: datetime | None = None


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
        self.record: list[Change] = []
        self.is_down = False
        self._now = now
        self._tries = 0
        self._sessions: dict[str, Session] = {}
        self._sellers = {account.id: _seller(seed, account) for account in accounts}

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

    def list_products(self, session: Session, query: Query) -> tuple[int, tuple[Product, ...]]:
        """Answer a list page: the total, and the products of the page."""
        seller = self._sellers[session.account.id]
        rows = [
            product
            for product in self._listed(seller, is_refresh=query.is_refresh)
            if (product.group is not None) == query.is_grouped
            and query.group in (None, product.group)
        ]
        start = (query.page - 1) * query.size
        return len(rows), tuple(rows[start : start + query.size])

    def product(self, session: Session, key: str) -> Product:
        product = self._sellers[session.account.id].products.get(key)
        if product is None:
            raise Refused(404, "not_found", "상품을 찾을 수 없습니다.")
        return product

    def save(self, session: Session, key: str, fields: Mapping[str, Any]) -> Product:
        """Take edits of one product; record each field that really changed."""
        self._count_save(session, key)
        for what, value in fields.items():
            if what == "disclosure":
                for label, text in value.items():
                    self._set_disclosure(session, key, label, text)
            else:
                self._set(session, key, what, value)
        return self.product(session, key)

    def delete_image(self, session: Session, key: str, image: str) -> Product:
        self._count_save(session, key)
        before = self.product(session, key)
        if image not in before.images:
            raise Refused(404, "not_found", "이미지를 찾을 수 없습니다.")
        after = replace(before, detail_html=without_image(before.detail_html, image))
        self._put(session, after, "image_count", len(before.images), len(after.images))
        return after

    def delete(self, session: Session, key: str) -> None:
        self._count_save(session, key)
        product = self.product(session, key)
        del self._sellers[session.account.id].products[key]
        self._note(session.number, session.account.id, key, "deleted", product.name, None)

    def copy(self, session: Session, key: str) -> Product:
        """Put a copy in front of the list: `name(1)`, `name(2)` …, in the same group."""
        self._count_save(session, key)
        seller = self._sellers[session.account.id]
        original = self.product(session, key)
        names = {product.name for product in seller.products.values()}
        number = next(n for n in range(1, 1000) if f"{original.name}({n})" not in names)
        twin = replace(
            original,
            key=copy_key(original.key, number),
            name=f"{original.name}({number})",
        )
        seller.products = {twin.key: twin} | seller.products
        self._note(session.number, session.account.id, key, "copied", None, twin.key)
        return twin

    def move(self, session: Session, keys: Sequence[str], group: str | None) -> None:
        """Move products to a group, or out of all; a fault may let it silently not happen."""
        if group is not None and group not in self.groups(session.account):
            raise Refused(400, "unknown_group", "그룹을 찾을 수 없습니다.")
        seller = self._sellers[session.account.id]
        faults = session.account.faults
        self._freeze_list(seller)
        for key in keys:
            product = self.product(session, key)
            seller.moves += 1
            is_silent = seller.moves in faults.silent_moves or key in _at(
                seller, faults.silent_products
            )
            if product.group != group and not is_silent:
                after = replace(product, group=group)
                self._put(session, after, "group", product.group, group)

    def _set(self, session: Session, key: str, what: str, value: Any) -> None:  # noqa: ANN401 - a field of any type
        product = self.product(session, key)
        if what not in _EDITABLE:
            raise Refused(400, "unknown_field", f"알 수 없는 항목입니다: {what}")
        if what == "name":
            self._check_name(session, key, str(value))
        before = getattr(product, what)
        after: Any = tuple(value) if isinstance(value, list) else value
        if before != after:
            self._put(session, replace(product, **{what: after}), what, before, after)

    def _set_disclosure(self, session: Session, key: str, label: str, text: str) -> None:
        product = self.product(session, key)
        fields = dict(product.disclosure)
        if label not in fields:
            raise Refused(400, "unknown_field", f"알 수 없는 항목입니다: {label}")
        before = fields[label]
        if before != text:
            after = replace(product, disclosure=tuple((fields | {label: text}).items()))
            self._put(session, after, f"disclosure:{label}", before, text)

    def _check_name(self, session: Session, key: str, name: str) -> None:
        if not 0 < len(name) <= MAX_NAME:
            raise Refused(400, "bad_name", f"상품명은 1자 이상 {MAX_NAME}자 이하입니다.")
        others = (p for p in self.products(session.account.id) if p.key != key)
        if any(_folded(other.name) == _folded(name) for other in others):
            raise Refused(409, "duplicate_name", DUPLICATE_NAME)

    def _put(
        self, session: Session, product: Product, what: str, before: Value, after: Value
    ) -> None:
        self._sellers[session.account.id].products[product.key] = product
        self._note(session.number, session.account.id, product.key, what, before, after)

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
                at=self._now(),
                sign_in=sign_in,
                account=account,
                product=product,
                what=what,
                before=before,
                after=after,
            )
        )

    def _open_session(self, seller: _Seller) -> Session:
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

    def _count_call(self, seller: _Seller) -> None:
        seller.calls += 1
        limit = seller.account.faults.hangs_after
        if limit is not None and seller.calls > limit:
            raise Unanswered

    def _count_save(self, session: Session, key: str) -> None:
        seller = self._sellers[session.account.id]
        faults = session.account.faults
        seller.saves += 1
        if seller.saves in faults.save_errors or key in _at(seller, faults.broken_products):
            raise Refused(500, "site_error", "저장에 실패했습니다. 잠시 후 다시 시도해 주세요.")

    def _freeze_list(self, seller: _Seller) -> None:
        seconds = seller.account.faults.stale_list_s
        if seconds:
            seller.listed = tuple(seller.products.values())
            seller.listed_until = datetime.fromtimestamp(self._now().timestamp() + seconds, UTC)

    def _listed(self, seller: _Seller, *, is_refresh: bool) -> tuple[Product, ...]:
        is_stale = seller.listed_until is not None and self._now() < seller.listed_until
        if is_stale and not is_refresh:
            return seller.listed
        seller.listed_until = None
        return tuple(seller.products.values())


def _seller(seed: int, account: SandboxAccount) -> _Seller:
    products = make_products(seed, account)
    return _Seller(
        account=account,
        products={product.key: product for product in products},
        positions=tuple(product.key for product in products[: len(account.shapes)]),
    )


def _at(seller: _Seller, positions: tuple[int, ...]) -> set[str]:
    return {seller.positions[position] for position in positions}


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()
