"""The site's state: accounts, products, sign-ins, and the record of every change."""

import hashlib
import random
import string
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tests.antd_site.options import Options, SiteAccount

_SHOPS = [f"{shop}{n}" for shop in "ABCD" for n in (1, 2, 3)]
_PROVIDERS = ("H16", "G03", "A49", "K07", "P22")
_WORDS = (
    "여성",
    "원피스",
    "빈티지",
    "여름",
    "가디건",
    "블라우스",
    "데일리",
    "린넨",
    "와이드",
    "셔츠",
)
_EDITABLE = frozenset(
    {"name", "memo", "memo_exposed", "detail_html", "images", "thumbnails", "options"}
    | {"disclosure", "prices", "keywords"}
)


_DETAILS = {
    "text": "<p>상세 설명</p>",
    "inline_images": '<p><img src="/page/picture.svg?1"><img src="/page/picture.svg?2"></p>',
    "figures": '<figure class="image"><img src="/page/picture.svg?1"></figure>'
    '<figure class="image"><img src="/page/picture.svg?2"></figure>',
    "embed": '<div class="raw-html-embed"><b>이미 있던 HTML</b></div><p>상세 설명</p>',
}


def group_names(options: Options) -> list[str]:
    """Return the 50 groups of an account in the site's order."""
    trash = "x" if options.group_names == "lower" else "X"
    return [
        *("신규수집", "번역대기", "등록실행", "등록A", "등록B", "등록C", "등록D", "쇼핑몰T"),
        *(f"쇼핑몰{shop}" for shop in _SHOPS),
        *(f"완료{shop}" for shop in _SHOPS),
        *("수동번역", "등록대기", "번역검수"),
        *(f"{name}{n}" for name in ("서버", "대기", "수동", "검수") for n in (1, 2, 3)),
        *(f"{name}{trash}" for name in ("복제", "삭제", "중복")),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one product, as the site saw it."""

    account: str
    sign_in: int
    product: str
    what: str
    before: object
    after: object


@dataclass(slots=True, kw_only=True)
class Product:
    """A product as the server keeps it. `refused_names` new names are still to be refused."""

    id: str
    name: str
    memo: str
    group: str | None
    options: list[str]
    is_option_product: bool
    images: list[str]
    thumbnails: list[str]
    detail_html: str
    disclosure: dict[str, str]
    memo_exposed: bool = False
    prices: list[float] = field(default_factory=lambda: [200.0, 6.0, 30.0, 3000.0, 9900.0, 10.0])
    keywords: list[str] = field(default_factory=list)
    refused_names: int = 0


class RefusedError(Exception):
    """The site answers with this HTTP status, code and text."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Store:
    """One account's products, sign-ins and counters."""

    def __init__(
        self, account: SiteAccount, options: Options, seed: int, clock: Callable[[], float]
    ) -> None:
        self.account = account
        self.options = options
        self.record: list[Change] = []
        self.sign_in_count = 0
        self.calls = self.saves = self.moves = 0
        self._clock = clock
        self._moved_at: dict[str, tuple[float, str | None]] = {}
        self._refused: dict[str, set[str]] = {}
        self.products = {p.id: p for p in _seed_products(account, options, seed)}

    def listed(self, view: str, group: str | None) -> list[Product]:
        """Return what the list shows now; a stale list still shows the group before a move."""
        rows = [(p, self._listed_group(p)) for p in self.products.values()]
        if view == "ungrouped":
            return [p for p, shown in rows if shown is None]
        return [p for p, shown in rows if shown is not None and group in (None, shown)]

    def find(self, product_id: str) -> Product:
        if product_id not in self.products:
            raise RefusedError(404, "no_product", "상품을 찾을 수 없습니다.")
        return self.products[product_id]

    def edit(self, sign_in: int, product_id: str, fields: dict[str, Any]) -> Product:
        self.saves += 1
        if self.saves in self.account.faults.failing_saves:
            raise RefusedError(500, "server", "저장 중 오류가 발생했습니다.")
        product = self.find(product_id)
        if unknown := fields.keys() - _EDITABLE:
            raise RefusedError(400, "fields", f"알 수 없는 항목: {sorted(unknown)}")
        if "name" in fields:
            self._check_name(product, fields["name"])
        for name, after in fields.items():
            before = getattr(product, name)
            if before != after:
                setattr(product, name, after)
                self._note(sign_in, product_id, name, before, after)
        return product

    def move(self, sign_in: int, product_ids: Iterable[str], group: str | None) -> None:
        self.moves += 1
        if self.moves in self.account.faults.silent_moves:
            return
        for product in [self.find(product_id) for product_id in product_ids]:
            before, product.group = product.group, group
            self._moved_at[product.id] = (self._clock(), before)
            self._note(sign_in, product.id, "group", before, group)

    def delete(self, sign_in: int, product_id: str) -> None:
        product = self.find(product_id)
        del self.products[product_id]
        self._note(sign_in, product_id, "deleted", product.name, None)

    def copy(self, sign_in: int, product_id: str) -> Product:
        source = self.find(product_id)
        number = 1
        while any(p.name == f"{source.name}({number})" for p in self.products.values()):
            number += 1
        digest = hashlib.sha256(f"{product_id}:{number}".encode()).hexdigest()
        made = replace(deepcopy(source), id=digest[:24], name=f"{source.name}({number})")
        self.products = {made.id: made, **self.products}
        self._note(sign_in, made.id, "copied", product_id, made.name)
        return made

    def _listed_group(self, product: Product) -> str | None:
        moved_at, before = self._moved_at.get(product.id, (None, None))
        if moved_at and self._clock() - moved_at < self.account.faults.stale_list_s:
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

    def _note(
        self, sign_in: int, product_id: str, what: str, before: object, after: object
    ) -> None:
        change = Change(
            account=self.account.email,
            sign_in=sign_in,
            product=product_id,
            what=what,
            before=before,
            after=after,
        )
        self.record.append(change)


def summary(product: Product) -> dict[str, Any]:
    """Return what a list row needs."""
    whole = asdict(product)
    return {key: whole[key] for key in ("id", "name", "memo", "memo_exposed", "group", "prices")}


def _seed_products(account: SiteAccount, options: Options, seed: int) -> list[Product]:
    ungrouped = [
        _seed_product(account, options, seed, index, account.kinds[index % len(account.kinds)])
        for index in range(account.product_count)
    ]
    grouped = [_seed_product(account, options, seed, 9000 + n, "plain") for n in range(3)]
    for product in grouped:
        product.group = "신규수집"
    return ungrouped + grouped


def _seed_product(
    account: SiteAccount, options: Options, seed: int, index: int, kind: str
) -> Product:
    rng = random.Random(f"{seed}:{account.email}:{index}")  # noqa: S311 - a seed, not a secret
    provider = rng.choice(_PROVIDERS)
    name = f"{' '.join(rng.sample(_WORDS, 3))} {index + 1} {provider}Z1"
    if kind == "warned":
        name = f"심플 {name} {name.split()[0]}"
    if kind == "long":
        name = name.ljust(50, "가")
    image_count = {"no_images": 0, "many_images": 34, "too_big": 28}.get(kind, rng.randint(6, 14))
    option_count = {"too_big": 30, "single": 1}.get(kind, rng.randint(2, 6))
    has_model = options.model_name == "present" or (options.model_name == "mixed" and index % 2)
    labels = ["품명", *(["모델명"] if has_model else []), "제조국", "제조자", "A/S 책임자"]
    return Product(
        id="".join(rng.choices(string.hexdigits[:16], k=24)),
        name=name,
        memo=f"{provider}-{rng.randint(10, 99)}|{rng.randint(100, 999)}-{rng.getrandbits(38)}"
        f"-{provider}",
        group=None,
        options=[f"색상 {n + 1}" for n in range(option_count)],
        is_option_product=kind != "single",
        images=[f"img-{n + 1}" for n in range(image_count)],
        thumbnails=[f"thumb-{n + 1}" for n in range(5)],
        disclosure=dict.fromkeys(labels, ""),
        detail_html=_DETAILS[options.detail],
        refused_names=2 if kind == "duplicate" else 0,
    )
