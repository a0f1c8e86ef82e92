"""One account on the server: its products, its counters, and what is done to them."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from tests.antd_site.markets import Markets
from tests.antd_site.options import Options, SiteAccount
from tests.antd_site.seeding import seed_products
from tests.antd_site.translation import Translation
from tests.antd_site.upload import Upload
from tests.antd_site.world import Change, Product, RefusedError

_EDITABLE = frozenset(
    {"name", "memo", "memo_exposed", "detail_html", "images", "thumbnails", "options"}
    | {"option_images", "disclosure", "prices", "keywords"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a list asks for. `group` None: any; `""`: none. `status` is 미업로드 or 판매중."""

    place: str
    group: str | None = None
    keyword: str = ""
    status: str = ""
    markets: tuple[str, ...] = ()


class Store:
    """One account's products, sign-ins and counters."""

    def __init__(
        self, account: SiteAccount, options: Options, seed: int, clock: Callable[[], float]
    ) -> None:
        self.account = account
        self.options = options
        self.clock = clock
        self.sign_in_count = 0
        self.calls = self.moves = 0
        self.image_quota = account.image_quota
        self._record: list[Change] = []
        self._moved_at: dict[str, tuple[float, str | None]] = {}
        self._refused: dict[str, set[str]] = {}
        self.products = {p.id: p for p in seed_products(account, options, seed)}
        self.markets = Markets(self)
        self.translation = Translation(self)
        self.upload = Upload(self)

    @property
    def record(self) -> list[Change]:
        """Every change until now, in its order; what runs by itself is brought up to date."""
        self.advance()
        return self._record

    def advance(self) -> None:
        """Do what has come to its time since somebody last asked."""
        self.translation.advance()
        self.upload.advance()

    def listed(self, asked: Question) -> list[Product]:
        """Return what a list shows now; a stale list still shows the group before a move."""
        self.advance()
        return [p for p in self.products.values() if _is_shown(p, self._listed_group(p), asked)]

    def find(self, product_id: str) -> Product:
        if product_id not in self.products:
            raise RefusedError(404, "no_product", "상품을 찾을 수 없습니다.")
        return self.products[product_id]

    def edit(self, sign_in: int, product_id: str, fields: dict[str, Any]) -> Product:
        product = self.find(product_id)
        if unknown := fields.keys() - _EDITABLE:
            raise RefusedError(400, "fields", f"알 수 없는 항목: {sorted(unknown)}")
        if "name" in fields:
            self._check_name(product, fields["name"])
        for name, after in fields.items():
            before = getattr(product, name)
            if before != after:
                setattr(product, name, after)
                self.note(sign_in, product_id, name, before, after)
        return product

    def move(self, sign_in: int, product_ids: Iterable[str], group: str | None) -> None:
        self.advance()
        self.moves += 1
        if self.moves in self.account.faults.silent_moves:
            return
        for product in [self.find(product_id) for product_id in product_ids]:
            before, product.group = product.group, group
            self._moved_at[product.id] = (self.clock(), before)
            self.note(sign_in, product.id, "group", before, group)

    def delete(self, sign_in: int, product_id: str) -> None:
        product = self.find(product_id)
        del self.products[product_id]
        self.note(sign_in, product_id, "deleted", product.name, None)

    def bulk_delete(
        self, sign_in: int, product_ids: Iterable[str], how: int, markets: Sequence[str]
    ) -> None:
        """Delete everywhere (1), in markets (2), or forget the upload to markets (3)."""
        for key in product_ids:
            if how == 1:
                self.delete(sign_in, key)
                continue
            product = self.find(key)
            before = product.uploaded
            product.uploaded = [market for market in before if market not in markets]
            what = "deleted_in_markets" if how == 2 else "upload_forgotten"
            self.note(sign_in, key, what, before, product.uploaded)

    def copy(self, sign_in: int, product_id: str) -> Product:
        source = self.find(product_id)
        number = 1
        while any(p.name == f"{source.name}({number})" for p in self.products.values()):
            number += 1
        digest = hashlib.sha256(f"{product_id}:{source.name}:{number}".encode()).hexdigest()
        made = replace(deepcopy(source), id=digest[:24], name=f"{source.name}({number})")
        self.products = {made.id: made, **self.products}
        self.note(sign_in, made.id, "copied", product_id, made.name)
        return made

    def refine_options(self, sign_in: int, product_id: str, start: int, end: int) -> Product:
        """Do what AI 옵션명 다듬기 does to the names of one option type."""
        names = list(self.find(product_id).options)
        names[start:end] = [f"다듬은 {name}" for name in names[start:end]]
        return self.edit(sign_in, product_id, {"options": names})

    def translate_image(self, sign_in: int, product_id: str, image: str) -> str:
        """Translate one image; it counts against the quota whether or not it is saved later."""
        if self.image_quota < 1:
            raise RefusedError(400, "image_quota", "오늘의 이미지 번역 횟수를 모두 사용했습니다.")
        self.image_quota -= 1
        after = image if image.endswith("~ko") else f"{image}~ko"
        self.note(sign_in, product_id, "image_translated", image, after)
        return after

    def note(self, sign_in: int, product_id: str, what: str, before: object, after: object) -> None:
        change = Change(
            account=self.account.email,
            sign_in=sign_in,
            product=product_id,
            what=what,
            before=before,
            after=after,
        )
        self._record.append(change)

    def _listed_group(self, product: Product) -> str | None:
        moved_at, before = self._moved_at.get(product.id, (None, None))
        if moved_at and self.clock() - moved_at < self.account.faults.stale_list_s:
            return before
        return product.group

    def _check_name(self, product: Product, name: str) -> None:
        if name == product.name:
            return
        refused = self._refused.setdefault(product.id, set())
        if len(refused) < product.refused_names:
            refused.add(name)
        taken = any(p.name == name and p is not product for p in self.products.values())
        if taken or name in refused:
            raise RefusedError(409, "-1", "이미 존재하는 상품명입니다.(-1)")


def _is_shown(product: Product, group: str | None, asked: Question) -> bool:
    if asked.place == "ungrouped":
        return group is None
    if asked.place == "grouped":
        return group is not None and asked.group in (None, group)
    if asked.place == "register" and product.uploaded:
        return False
    if asked.group is not None and (group or "") != asked.group:
        return False
    return asked.keyword.casefold() in product.name.casefold() and _has_status(product, asked)


def _has_status(product: Product, asked: Question) -> bool:
    """Whether the status holds in one of the chosen markets (none chosen: in any)."""
    if not asked.status:
        return True
    has = set(product.uploaded)
    wanted = set(asked.markets)
    if asked.status == "판매중":
        return bool(has & wanted) if wanted else bool(has)
    return bool(wanted - has) if wanted else not has
