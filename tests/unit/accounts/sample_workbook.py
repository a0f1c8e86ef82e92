"""A made-up `percenty_id.xlsx` with every feature, to be saved as it is or broken first."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

KEY_CANARY = "key-canary"

LOGIN_HEADER = (
    *("id", "password", "operator", "sheet_nickname"),
    *(f"suffix{shop}{number}" for shop in "ABCD" for number in (1, 2, 3)),
)
LOGINS = (
    (
        *("user1@example.com", "one", "김", "kim"),
        *(
            "멋진",
            "새봄",
            "한빛",
            "특가",
            "추천",
            "인기",
            "신상",
            "정품",
            "고급",
            "가성비",
            "무료",
            "당일",
        ),
    ),
    (
        *("user2@example.com", "two", "이", "lee"),
        *("aa", None, None, "bb", None, None, "cc", None, None, "dd", None, None),
    ),
    ("user3@example.com", "three"),
)
TASK_HEADER = (
    *("provider_id", "provider_code", "provider_gender", "final_group", "target_group"),
    *("step2 or step3", "modify_event", "image_delete", "thumbnail_delete", "option_image_copy"),
    *("image_translate", "image_tag_insert", "html_update", "thumbnail_translate"),
    *("optionimage_translate", "quantity1", "quantity2", "memo"),
)
MARKET_HEADER = (
    *("id", "groupname", "11store_api", "11global_api", "auction_id", "gmarket_id"),
    *("talkstore_api", "talkstore_url", "smartstore_api", "smartstore_id", "smartstore_password"),
    *("coupang_id", "coupang_code", "coupang_access", "coupang_secret", "coupang_password"),
    *("cafe24_server", "cafe24_id", "cafe24_password", "11store_id"),
)


def task(
    code: object, step: str, final_group: str, target_group: str, **edits: object
) -> Sequence[object]:
    """One row of a task sheet; `edits` by the names of their columns."""
    named = {
        "provider_code": code,
        "step2 or step3": step,
        "final_group": final_group,
        "target_group": target_group,
        **edits,
    }
    return [named.get(column) for column in TASK_HEADER]


def market(account_id: str, group: str, **keys: object) -> Sequence[object]:
    """One row of `market_id`; `keys` by the names of their columns, with `_` before a digit."""
    named = {"id": account_id, "groupname": group, **{k.lstrip("_"): v for k, v in keys.items()}}
    return [named.get(column) for column in MARKET_HEADER]


TASKS: Mapping[str, Sequence[Sequence[object]]] = {
    "kim": (
        task("H16", "step2", "서버1", "대기1"),
        task("G03", "step3", "서버1-2", "대기1", image_delete="first:1/last:2/specific:3,5"),
        task("A49", "step3", "서버3", "수동2", thumbnail_delete="YES", option_image_copy="copy:3"),
        task("a50", "Step3", "서버2-1", "검수2", image_translate="specific:all", html_update="no"),
        task(149, "step3", "서버3-3", "서버1", html_update="<p>감사합니다</p>", memo="손으로"),
        task(
            *("H17", "step3", "서버1", "중복x"),
            image_translate="specific: 4, 2",
            thumbnail_translate="special:3",
            optionimage_translate=" Yes ",
            option_image_copy="YES",
            image_tag_insert="NO",
        ),
    ),
    "lee": (task("A49", "step2", "서버2", "대기2"), task("A49", "step3", "서버2-3", "대기2")),
}
MARKETS = (
    market("user1@example.com", "쇼핑몰A1", _11store_api=f"{KEY_CANARY}-1", auction_id="auction1"),
    market(
        *("USER2@example.com", "쇼핑몰d3"),
        talkstore_api=f"{KEY_CANARY}-2",
        talkstore_url="https://store.example.com/kim",
        _11global_api=f"{KEY_CANARY}-3",
        smartstore_api=f"{KEY_CANARY}-4",
        coupang_secret="never read",
    ),
    market("user1@example.com", "쇼핑몰B2"),
)


def sample_workbook() -> Workbook:
    """Two accounts with tasks, suffixes and markets, and one with a password only."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    _add(book, "guide", [("category", "open tab", "open tab", None, "event")])
    _add(book, "login_id", [LOGIN_HEADER, *LOGINS])
    for title, rows in TASKS.items():
        _add(book, title, [TASK_HEADER, *rows])
    _add(book, "market_id", [MARKET_HEADER, *MARKETS])
    return book


def save(book: Workbook, folder: Path) -> Path:
    path = folder / "percenty_id.xlsx"
    book.save(path)
    return path


def _add(book: Workbook, title: str, rows: Sequence[Sequence[object]]) -> None:
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
