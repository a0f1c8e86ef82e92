"""What steps count."""

from enum import StrEnum


class Unit(StrEnum):
    """An item of a step, in Korean."""

    PRODUCT = "상품"
    KEYWORD = "키워드"
    LOT = "묶음"
    MARKET_ROW = "마켓 행"
    ITEM = "항목"
