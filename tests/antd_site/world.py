"""What the site's server keeps and tells: products, refusals, and the record of every change."""

from dataclasses import asdict, dataclass, field
from typing import Any

from tests.antd_site.options import Options

_SHOPS = [f"{shop}{n}" for shop in "ABCD" for n in (1, 2, 3)]


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
    """One change of one product or of a market's settings, as the site saw it.

    `product` is a product's id, or `market:` and the market's key.
    """

    account: str
    sign_in: int
    product: str
    what: str
    before: object
    after: object


@dataclass(slots=True, kw_only=True)
class Product:
    """A product as the server keeps it. `refused_names` new names are still to be refused.

    An image's name ends with `-zh` when it shows Chinese, with `-blank` when it is of one colour,
    with `-lost` when it cannot be loaded, and with `~ko` once it is translated.
    `korean_name` is what 일괄 번역 makes of the name (None: it is translated already).
    `uploaded` are the keys of the markets that have it; such a product has left 신규 상품 등록.
    """

    id: str
    name: str
    memo: str
    group: str | None
    options: list[str]
    option_images: list[str]
    is_option_product: bool
    images: list[str]
    thumbnails: list[str]
    detail_html: str
    disclosure: dict[str, str]
    memo_exposed: bool = False
    prices: list[float] = field(default_factory=lambda: [200.0, 6.0, 30.0, 3000.0, 9900.0, 10.0])
    keywords: list[str] = field(default_factory=list)
    refused_names: int = 0
    korean_name: str | None = None
    uploaded: list[str] = field(default_factory=list)


class RefusedError(Exception):
    """The site answers with this HTTP status, code and text."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def summary(product: Product) -> dict[str, Any]:
    """Return what a list row needs."""
    whole = asdict(product)
    keys = ("id", "name", "memo", "memo_exposed", "group", "prices", "uploaded")
    return {key: whole[key] for key in keys}
