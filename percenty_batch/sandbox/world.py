"""From a seed to products: the same seed always makes the same world."""

import random
import re
from dataclasses import dataclass, replace
from uuid import UUID

from percenty_batch.sandbox.accounts import SandboxAccount, Shape, Stock

FLAGGED_WORDS = ("명품", "정품", "최고급")
DISCLOSURE = ("품명", "모델명", "법에 의한 인증·허가 사항", "제조국", "제조자", "A/S 책임자")

_SHOPS = tuple(f"{letter}{number}" for letter in "ABCD" for number in (1, 2, 3))
_WORDS = (
    ("여성", "남성", "아동", "캠핑", "주방", "차량용", "반려견", "사무용"),
    ("기모", "방수", "접이식", "휴대용", "대용량", "무선", "가죽", "면"),
    ("후드 집업", "수납함", "의자", "텀블러", "크로스백", "슬리퍼", "선풍기", "조끼"),
)
_FOREIGN = "女士加绒外套"
_PROVIDERS = ("H16", "G03", "K21", "T08", "S44")
_COLOURS = ("블랙", "화이트", "네이비", "베이지", "카키", "그레이", "핑크", "와인")
_FIGURE = re.compile(r'<figure class="image"><img src="([^"]+)"[^>]*></figure>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product as the site stores it. `group` is None outside all groups.

    `disclosure` maps the labels of 상품정보제공고시 to their texts; the images of the detail page
    are the figures in `detail_html`. Each option has an image.
    """

    key: str
    name: str
    memo: str
    is_memo_shown: bool
    group: str | None
    detail_html: str
    thumbnails: tuple[str, ...]
    options: tuple[str, ...]
    option_images: tuple[str, ...]
    disclosure: tuple[tuple[str, str], ...]
    prices: tuple[float, ...]
    keywords: tuple[str, ...]
    collected_on: str
    offer_id: str
    markets: tuple[str, ...] = ()  # keys of the markets that it is uploaded to
    translation: str | None = None  # "running", "done" or "failed"

    @property
    def images(self) -> tuple[str, ...]:
        return tuple(_FIGURE.findall(self.detail_html))

    @property
    def model(self) -> str | None:
        """The text of 모델명; None when the product has no such field."""
        return dict(self.disclosure).get("모델명")


def group_names(*, has_lower_case_trash: bool) -> tuple[str, ...]:
    """Name the 50 groups of an account; the case of the trash groups differs between accounts."""
    mark = "x" if has_lower_case_trash else "X"
    return (
        *("신규수집", "번역대기", "등록실행", "등록A", "등록B", "등록C", "등록D", "쇼핑몰T"),
        *(f"쇼핑몰{shop}" for shop in _SHOPS),
        *(f"완료{shop}" for shop in _SHOPS),
        *("수동번역", "등록대기", "번역검수"),
        *(f"{kind}{number}" for kind in ("서버", "대기", "수동", "검수") for number in (1, 2, 3)),
        *(f"복제{mark}", f"삭제{mark}", f"중복{mark}"),
    )


def group_id(name: str, seed: int) -> str:
    return str(UUID(int=_rng(seed, name).getrandbits(128), version=4))


def make_products(seed: int, account: SandboxAccount) -> tuple[Product, ...]:
    """Make an account's products, newest first: the ungrouped ones, then the grouped."""
    rng = _rng(seed, account.id)
    groups = group_names(has_lower_case_trash=account.has_lower_case_trash)
    ungrouped = [_product(rng, index, shape, None) for index, shape in enumerate(account.shapes)]
    start = len(ungrouped)
    grouped = [
        _product(rng, start + index, Shape(), rng.choice(groups))
        for index in range(account.grouped)
    ]
    twins = [
        _product(rng, start + account.grouped, Shape(), "쇼핑몰A1", name=original.name + letter)
        for original in ungrouped[: account.faults.duplicate_names]
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ]
    return (*ungrouped, *_stocked(seed, account), *grouped, *twins)


def translated_name(name: str) -> str:
    """Give the Korean name of a product whose name is Chinese."""
    return name.replace(_FOREIGN, "여성 기모 외투")


def _stocked(seed: int, account: SandboxAccount) -> list[Product]:
    rng = _rng(seed, f"{account.id}:stock")
    kinds = [stock for stock in account.stock for _ in range(stock.count)]
    return [_stocked_product(rng, index, stock) for index, stock in enumerate(kinds)]


def _stocked_product(rng: random.Random, index: int, stock: Stock) -> Product:
    words = _FOREIGN if stock.is_foreign else " ".join(rng.choice(kind) for kind in _WORDS)
    name = f"{words} {index + 1001}호 {stock.code}Z1"
    made = _product(rng, index, stock.shape, stock.group, name=name)
    return replace(made, markets=stock.markets)


def copy_key(key: str, number: int) -> str:
    """Give the number-th copy of a product a key of its own."""
    return f"{_rng(number, key).getrandbits(96):024x}"


def without_image(detail_html: str, image: str) -> str:
    """Take one figure out of a detail page."""
    return _FIGURE.sub(lambda found: "" if found[1] == image else found[0], detail_html)


def with_images(
    product: Product, area: str, images: tuple[str, ...]
) -> tuple[tuple[str, ...], Product]:
    """Put other images in the place of an area's; returns the ones before, and the product.

    `area` is `detail`, `thumbnails` or `options`.
    """
    if area == "thumbnails":
        return product.thumbnails, replace(product, thumbnails=images)
    if area == "options":
        return product.option_images, replace(product, option_images=images)
    new = iter(images)
    html = _FIGURE.sub(lambda found: found[0].replace(found[1], next(new)), product.detail_html)
    return product.images, replace(product, detail_html=html)


def _rng(seed: int, name: str) -> random.Random:
    return random.Random(f"{seed}:{name}")  # noqa: S311 - a repeatable world, no secret


def _product(
    rng: random.Random, index: int, shape: Shape, group: str | None, *, name: str | None = None
) -> Product:
    provider = rng.choice(_PROVIDERS)
    offer_id = str(rng.randrange(6 * 10**11, 7 * 10**11))
    key = f"{rng.getrandbits(96):024x}"
    return Product(
        key=key,
        name=name or _name(rng, index, provider, shape),
        memo=f"G{rng.randrange(10, 20)}-{rng.randrange(10, 99)}|444-{offer_id}-{provider}",
        is_memo_shown=rng.random() < 0.3,
        group=group,
        detail_html=_detail(key, shape.images),
        thumbnails=tuple(
            f"/static/photo.svg#{key}-t{number}" for number in range(1, shape.thumbnails + 1)
        ),
        options=tuple(f"{number + 1}. {_COLOURS[number % 8]}" for number in range(shape.options)),
        option_images=tuple(
            f"/static/photo.svg#{key}-o{number}" for number in range(1, shape.options + 1)
        ),
        disclosure=tuple(
            (label, "") for label in DISCLOSURE if shape.has_model or label != "모델명"
        ),
        prices=(205.0, 3.3, 25.0, 0.0, 8000.0, 10.0),
        keywords=("캠핑용품", "가성비"),
        collected_on=f"2026-01-{28 - index % 28:02d}",
        offer_id=offer_id,
    )


def _name(rng: random.Random, index: int, provider: str, shape: Shape) -> str:
    words = " ".join(rng.choice(kind) for kind in _WORDS)
    flagged = f"{FLAGGED_WORDS[0]} {words.split()[0]} " if shape.has_flagged_name else ""
    return f"{flagged}{words} {index + 1}호 {provider}Z1"


def _detail(key: str, images: int) -> str:
    figures = (
        f'<figure class="image"><img src="/static/photo.svg#{key}-{number}"></figure>'
        for number in range(1, images + 1)
    )
    return "<p>상품 상세 설명</p>" + "".join(figures)
