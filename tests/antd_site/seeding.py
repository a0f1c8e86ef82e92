"""The products that an account has when the site starts; equal seeds give equal products."""

import itertools
import random
import string

from tests.antd_site.options import Lot, Options, SiteAccount
from tests.antd_site.world import Product

_PROVIDERS = ("H16", "G03", "A49", "K07", "P22")
_WORDS = (
    *("여성", "원피스", "빈티지", "여름", "가디건"),
    *("블라우스", "데일리", "린넨", "와이드", "셔츠"),
)
_CHINESE = ("夏季", "新款", "衣裙", "女裝", "高級", "復古")
_ALIKE = ("thumb-1-zh", "thumb-2-zh", "thumb-3-blank", "thumb-4-blank", "thumb-5-lost")
_DETAILS = {
    "text": "<p>상세 설명</p>",
    "inline_images": '<p><img src="/page/picture.svg?1"><img src="/page/picture.svg?2"></p>',
    "figures": '<figure class="image"><img src="/page/picture.svg?1"></figure>'
    '<figure class="image"><img src="/page/picture.svg?2"></figure>',
    "embed": '<div class="raw-html-embed"><b>이미 있던 HTML</b></div><p>상세 설명</p>',
}


def seed_products(account: SiteAccount, options: Options, seed: int) -> list[Product]:
    """Return the ungrouped products, then those of the account's lots."""
    kinds = zip(range(account.product_count), itertools.cycle(account.kinds), strict=False)
    loose = [
        _product(account, options, seed, index, Lot(group="", count=1, kind=kind))
        for index, kind in kinds
    ]
    grouped = []
    for number, lot in enumerate(account.lots):
        for n in range(lot.count):
            product = _product(account, options, seed, 9000 + 1000 * number + n, lot)
            product.group = lot.group
            grouped.append(product)
    return loose + grouped


def _product(account: SiteAccount, options: Options, seed: int, index: int, lot: Lot) -> Product:
    rng = random.Random(f"{seed}:{account.email}:{index}")  # noqa: S311 - a seed, not a secret
    kind = lot.kind
    provider = lot.provider or rng.choice(_PROVIDERS)
    name = f"{' '.join(rng.sample(_WORDS, 3))} {index + 1} {provider}Z1"
    if kind == "warned":
        name = f"심플 {name} {name.split()[0]}"
    if kind == "long":
        name = name.ljust(50, "가")
    image_count = {"no_images": 0, "many_images": 32, "too_big": 28}.get(kind, rng.randint(6, 14))
    option_count = {"too_big": 30, "single": 1}.get(kind, rng.randint(2, 6))
    has_model = options.model_name == "present" or (options.model_name == "mixed" and index % 2)
    labels = ["품명", *(["모델명"] if has_model else []), "제조국", "제조자", "A/S 책임자"]
    chinese = f"{' '.join(rng.sample(_CHINESE, 3))} {index + 1} {provider}Z1"
    return Product(
        id="".join(rng.choices(string.hexdigits[:16], k=24)),
        name=name if lot.is_translated else chinese,
        korean_name=None if lot.is_translated else name,
        memo=f"{provider}-{rng.randint(10, 99)}|{rng.randint(100, 999)}-{rng.getrandbits(38)}"
        f"-{provider}",
        group=None,
        options=[f"색상 {n + 1}" for n in range(option_count)],
        option_images=_images("opt", option_count),
        is_option_product=kind != "single",
        images=_images("img", image_count),
        thumbnails=list(_ALIKE) if kind == "alike" else _images("thumb", 5),
        disclosure=dict.fromkeys(labels, ""),
        detail_html=_DETAILS[options.detail],
        refused_names=2 if kind == "duplicate" else 0,
    )


def _images(prefix: str, count: int) -> list[str]:
    """Name images; every second one shows Chinese."""
    return [f"{prefix}-{n}{'' if n % 2 else '-zh'}" for n in range(1, count + 1)]
