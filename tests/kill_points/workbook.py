"""The accounts' workbook, with the rows that the steps need. Made-up throughout."""

from collections.abc import Iterable
from pathlib import Path

import openpyxl

from percenty_batch.sandbox import SandboxAccount

CODE = "A49"
SHOP = "쇼핑몰B2"
TARGET = "대기3"
HTML = "<p>감사합니다</p>"
SUFFIXES = {"쇼핑몰A1": "가1", "쇼핑몰B1": "나1", "쇼핑몰C1": "다1", "쇼핑몰D1": "라1"}

_TASK = {
    "provider_code": CODE,
    "step2 or step3": "step3",
    "final_group": "서버1-1",
    "target_group": TARGET,
    "image_delete": "first:1/last:1",
    "thumbnail_delete": "first:1",
    "option_image_copy": "copy:3",
    "image_translate": "specific:all",
    "html_update": HTML,
    "thumbnail_translate": "specific:1,4",
    "optionimage_translate": "specific:2",
}
_MARKET_KEYS = ("11store_api", "11global_api", "auction_id", "gmarket_id")
_MARKET_COLUMNS = (*_MARKET_KEYS, "talkstore_api", "talkstore_url", "smartstore_api")


def write_workbook(file: Path, accounts: Iterable[SandboxAccount]) -> None:
    """Give every account the same task, suffixes and market row."""
    book = openpyxl.Workbook()
    logins = book.worksheets[0]
    logins.title = "login_id"
    shops = [f"suffix{shop}1" for shop in "ABCD"]
    logins.append(["id", "password", "sheet_nickname", *shops])
    markets = book.create_sheet("market_id")
    markets.append(["id", "groupname", *_MARKET_COLUMNS])
    for number, account in enumerate(accounts, start=1):
        logins.append([account.id, account.password, f"tasks{number}", *SUFFIXES.values()])
        markets.append([account.id, SHOP, "key-of-11st"])
        tasks = book.create_sheet(f"tasks{number}")
        tasks.append([*_TASK])
        tasks.append([*_TASK.values()])
    book.save(file)
