"""The 50 groups that every account has (percenty-steps §0)."""

import unicodedata

_SHOPS = tuple(f"{shop}{number}" for shop in "ABCD" for number in (1, 2, 3))

COLLECTED = "신규수집"  # where the task rows' products are taken from
SHOP_GROUPS = ("쇼핑몰T", *(f"쇼핑몰{shop}" for shop in _SHOPS))
GROUPS = (
    *(COLLECTED, "번역대기", "등록실행", "등록A", "등록B", "등록C", "등록D"),
    *SHOP_GROUPS,
    *(f"완료{shop}" for shop in _SHOPS),
    *("수동번역", "등록대기", "번역검수"),
    *(f"{kind}{number}" for kind in ("서버", "대기", "수동", "검수") for number in (1, 2, 3)),
    *("복제X", "삭제X", "중복X"),
)


def find_group(text: str) -> str | None:
    """Return our spelling of a group's full name, in whatever case it is written."""
    return _BY_FOLDED.get(_fold(text))


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


_BY_FOLDED = {_fold(name): name for name in GROUPS}
