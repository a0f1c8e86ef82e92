"""Broken workbooks and what each gets: every line in full, all of them at once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from percenty_batch.accounts import read_accounts
from percenty_batch.errors import InputError
from tests.unit.accounts.sample_workbook import KEY_CANARY, sample_workbook, save

Break = Callable[[Workbook], object]

DELETES = "(쓸 수 있는 지시: first:N, last:N, specific:a,b, YES, NO)"
TRANSLATES = "(쓸 수 있는 지시: specific:all, specific:a,b, special:N, YES, NO)"


def put(sheet: str, row: int, **values: object) -> Break:
    """Write cells of one row, by column name (`_` before a digit, `step` for the long one)."""

    def edit(book: Workbook) -> None:
        header = [cell.value for cell in book[sheet][1]]
        for name, value in values.items():
            column = "step2 or step3" if name == "step" else name.lstrip("_")
            book[sheet].cell(row, header.index(column) + 1).value = value  # type: ignore[assignment]

    return edit


def rename(sheet: str, column: str, new: str | None) -> Break:
    def edit(book: Workbook) -> None:
        (cell,) = (each for each in book[sheet][1] if each.value == column)
        cell.value = new

    return edit


def both(*edits: Break) -> Break:
    return lambda book: [edit(book) for edit in edits]


BROKEN: dict[str, tuple[Break, list[str]]] = {
    "a header stands twice": (
        rename("kim", "image_tag_insert", "thumbnail_translate"),
        ["[kim]:1행: 'thumbnail_translate' 열이 두 번 이상 있습니다"],
    ),
    "a header stands twice and cells of other columns are wrong": (
        both(
            rename("kim", "image_tag_insert", "thumbnail_translate"),
            put("kim", 3, image_delete="copy2", target_group="대기9"),
        ),
        [
            "[kim]:1행: 'thumbnail_translate' 열이 두 번 이상 있습니다",
            "[kim]:3행: target_group 열: '대기9': 없는 그룹입니다",
            f"[kim]:3행: image_delete 열: 'copy2': 알 수 없는 지시입니다 {DELETES}",
        ],
    ),
    "a header is blank over values, so that its column is missing": (
        rename("kim", "thumbnail_translate", None),
        [
            "[kim]:1행: 14번째 열은 값이 있지만 열 이름이 비어 있습니다",
            "[kim]:1행: 'thumbnail_translate' 열이 없습니다",
        ],
    ),
    "a header is misspelt": (
        rename("lee", "image_delete", "image_delte"),
        ["[lee]:1행: 'image_delete' 열이 없습니다"],
    ),
    "a task sheet has no header": (
        lambda book: book["lee"].delete_rows(1),
        [
            "[lee]:1행: 첫 행에 provider_code 열이 없습니다"
            " (열 이름 예: provider_code, final_group, target_group)"
        ],
    ),
    "a task sheet is empty": (
        lambda book: book["lee"].delete_rows(1, 10),
        ["[lee]: 내용이 없습니다"],
    ),
    "a copy is misspelt": (
        put("kim", 3, option_image_copy="copy2"),
        [
            "[kim]:3행: option_image_copy 열: 'copy2': 알 수 없는 지시입니다"
            " (쓸 수 있는 지시: copy:N, YES, NO)"
        ],
    ),
    "a token of another column": (
        put("kim", 3, image_delete="first:1/copy4opthonimages"),
        [f"[kim]:3행: image_delete 열: 'copy4opthonimages': 알 수 없는 지시입니다 {DELETES}"],
    ),
    "all images are to be deleted": (
        put("kim", 3, thumbnail_delete="specific:all"),
        ["[kim]:3행: thumbnail_delete 열: 'specific:all': 1부터 999까지의 수를 쓰세요"],
    ),
    "a count is zero, negative or no number": (
        put(
            "kim", 3, image_delete="first:0", thumbnail_delete="last:-1", option_image_copy="copy:"
        ),
        [
            "[kim]:3행: image_delete 열: 'first:0': 1부터 999까지의 수를 쓰세요",
            "[kim]:3행: thumbnail_delete 열: 'last:-1': 1부터 999까지의 수를 쓰세요",
            "[kim]:3행: option_image_copy 열: 'copy:': 1부터 999까지의 수를 쓰세요",
        ],
    ),
    "a position is named twice": (
        put("kim", 3, image_delete="specific:3,1,3"),
        ["[kim]:3행: image_delete 열: 'specific:3,1,3': 3번이 두 번 있습니다"],
    ),
    "a position is among the first ones too": (
        put("kim", 3, image_delete="first:2/specific:2,7"),
        ["[kim]:3행: image_delete 열: 2번은 'first:2'에 이미 들어 있습니다"],
    ),
    "one instruction is given twice": (
        put("kim", 3, image_delete="first:1/first:2"),
        ["[kim]:3행: image_delete 열: 'first:1/first:2': first이 두 번 있습니다"],
    ),
    "a slash leads nowhere": (
        put("kim", 3, image_delete="first:1/"),
        [f"[kim]:3행: image_delete 열: '': 알 수 없는 지시입니다 {DELETES}"],
    ),
    "YES is joined to something": (
        put("kim", 3, image_delete="YES/last:1"),
        [f"[kim]:3행: image_delete 열: 'YES': 알 수 없는 지시입니다 {DELETES}"],
    ),
    "a deletion stands where images are translated": (
        put("kim", 3, image_translate="first:2"),
        [f"[kim]:3행: image_translate 열: 'first:2': 알 수 없는 지시입니다 {TRANSLATES}"],
    ),
    "two kinds of translation are joined": (
        put("kim", 3, thumbnail_translate="specific:1/special:4"),
        [
            "[kim]:3행: thumbnail_translate 열: 'specific:1/special:4':"
            " specific과 special은 함께 쓸 수 없습니다"
        ],
    ),
    "columns have slipped into the HTML": (
        put("kim", 3, html_update="specific:all"),
        ["[kim]:3행: html_update 열: 'specific:all': HTML 태그가 없습니다"],
    ),
    "an edit is asked for that is not offered": (
        put("kim", 3, image_tag_insert="YES"),
        ["[kim]:3행: image_tag_insert 열: 'YES': 제공하지 않는 작업입니다 (비우거나 NO로 쓰세요)"],
    ),
    "a group does not exist, is only part of a name, or is missing": (
        both(
            put("kim", 2, target_group="서버9"),
            put("kim", 3, target_group="쇼핑몰"),
            put("kim", 4, target_group=None),
        ),
        [
            "[kim]:2행: target_group 열: '서버9': 없는 그룹입니다",
            "[kim]:3행: target_group 열: '쇼핑몰': 없는 그룹입니다",
            "[kim]:4행: target_group 열: 비어 있습니다",
        ],
    ),
    "products are to stay in the group that they are taken from": (
        put("kim", 3, target_group="신규수집"),
        ["[kim]:3행: target_group 열: '신규수집'에서 꺼낸 상품을 같은 그룹으로 옮길 수 없습니다"],
    ),
    "no step works a row": (
        both(
            put("kim", 2, final_group="서버1-1"),
            put("kim", 3, final_group="서버4"),
            put("kim", 4, step="step4"),
            put("kim", 5, step=None, final_group=None),
        ),
        [
            "[kim]:2행: final_group 열: step2에는 '서버1-1'이 없습니다 (서버1~3)",
            "[kim]:3행: final_group 열: '서버4': 서버1~서버3이나 서버1-1~서버3-3을 쓰세요",
            "[kim]:4행: step2 or step3 열: 'step4': step2나 step3을 쓰세요",
            "[kim]:5행: step2 or step3 열: 비어 있습니다",
            "[kim]:5행: final_group 열: 비어 있습니다",
        ],
    ),
    "two rows have one code and final_group": (
        put("kim", 4, provider_code="g03", final_group="서버1-2"),
        ["[kim]:4행: provider_code 'g03', final_group '서버1-2': 3행에 이미 있습니다"],
    ),
    "a code is none": (
        both(put("kim", 3, provider_code="H1"), put("kim", 4, provider_code=None)),
        [
            "[kim]:3행: provider_code 열: 'H1': 영문자와 숫자 3자가 아닙니다",
            "[kim]:4행: provider_code 열: 비어 있습니다",
        ],
    ),
    "typed cells have lost their text": (
        both(
            put("kim", 3, image_delete=date(2024, 12, 1), thumbnail_delete=True),
            put("kim", 4, provider_code=1.5, target_group='="대기"&"1"'),
        ),
        [
            "[kim]:3행: image_delete 열: 날짜나 참/거짓으로 저장되어 있습니다"
            " (셀 서식을 텍스트로 바꾸고 다시 입력하세요)",
            "[kim]:3행: thumbnail_delete 열: 날짜나 참/거짓으로 저장되어 있습니다"
            " (셀 서식을 텍스트로 바꾸고 다시 입력하세요)",
            "[kim]:4행: provider_code 열: 숫자로 저장되어 원래 글자를 알 수 없습니다"
            " (셀 서식을 텍스트로 바꾸고 다시 입력하세요)",
            "[kim]:4행: target_group 열: 수식에 계산된 값이 없습니다 (엑셀에서 열어 저장하세요)",
        ],
    ),
    "cells are merged over rows": (
        lambda book: book["kim"].merge_cells("E3:E4"),
        [
            "[kim]:4행: target_group 열: 병합된 셀이라 이 행의 값이 없습니다"
            " (병합을 풀고 행마다 쓰세요)"
        ],
    ),
    "a task sheet is missing": (
        lambda book: book.remove(book["lee"]),
        ["[login_id]:3행: sheet_nickname 열: 'lee' 시트가 없습니다"],
    ),
    "two accounts name one task sheet": (
        put("login_id", 3, sheet_nickname="KIM"),
        ["[login_id]:3행: sheet_nickname 'KIM': 2행에 이미 있습니다"],
    ),
    "suffixes are too short, too long, the same or incomplete": (
        both(
            put("login_id", 2, suffixA1="x", suffixB1="여섯글자접미", suffixC2="새봄"),
            put("login_id", 3, suffixC1=None),
        ),
        [
            "[login_id]:2행: suffixA1 열: 'x': 2~5자가 아닙니다",
            "[login_id]:2행: suffixB1 열: '여섯글자접미': 2~5자가 아닙니다",
            "[login_id]:2행: suffixA2~suffixD2 열: 같은 접미사가 있습니다",
            "[login_id]:3행: suffixC1 열: 비어 있습니다",
        ],
    ),
    "a suffix column is missing": (
        rename("login_id", "suffixC1", "note"),
        [
            "[login_id]:2행: suffixC1 열이 없습니다",
            "[login_id]:3행: suffixC1 열이 없습니다",
        ],
    ),
    "a market row belongs to nobody or to no shop": (
        both(
            put("market_id", 2, id="nobody@example.com", groupname="대기1"),
            put("market_id", 3, id=None, groupname="쇼핑몰A9"),
        ),
        [
            "[market_id]:2행: id 열: 'nobody@example.com': login_id 시트에 없는 계정입니다",
            "[market_id]:2행: groupname 열: '대기1': 쇼핑몰 그룹이 아닙니다",
            "[market_id]:3행: id 열: 비어 있습니다",
            "[market_id]:3행: groupname 열: '쇼핑몰A9': 쇼핑몰 그룹이 아닙니다",
        ],
    ),
    "two market rows have one account and shop": (
        put("market_id", 4, groupname="쇼핑몰a1"),
        ["[market_id]:4행: id 'user1@example.com', groupname '쇼핑몰A1': 2행에 이미 있습니다"],
    ),
    "a key is cut, or lacks its other half": (
        put("market_id", 3, _11global_api=f"{KEY_CANARY} cut", talkstore_url=None),
        [
            "[market_id]:3행: 11global_api 열: 값 안에 빈칸이나 보이지 않는 글자가 있습니다",
            "[market_id]:3행: talkstore_api 열과 talkstore_url 열은 함께 채우세요",
        ],
    ),
    "a market's column is misspelt": (
        rename("market_id", "11store_api", "11stroe_api"),
        ["[market_id]:1행: '11store_api' 열이 없습니다"],
    ),
    "the logins have no header": (
        both(lambda book: book["login_id"].delete_rows(1), put("market_id", 2, groupname="대기1")),
        [
            "[login_id]:1행: 첫 행에 id 열이 없습니다 (열 이름 예: id, password)",
            "[market_id]:2행: groupname 열: '대기1': 쇼핑몰 그룹이 아닙니다",
        ],
    ),
    "the logins have two columns of ids": (
        both(rename("login_id", "operator", "ID"), put("kim", 3, option_image_copy="copy2")),
        [
            "[login_id]:1행: 'id' 열이 두 번 이상 있습니다",
            "[kim]:3행: option_image_copy 열: 'copy2': 알 수 없는 지시입니다"
            " (쓸 수 있는 지시: copy:N, YES, NO)",
        ],
    ),
    "the logins have no password column": (
        both(rename("login_id", "password", "pw"), put("lee", 2, target_group=None)),
        [
            "[login_id]: 비밀번호 열이 없습니다 (password, password_env, password_file 중 하나)",
            "[lee]:2행: target_group 열: 비어 있습니다",
        ],
    ),
    "something is wrong in every sheet": (
        both(
            put("login_id", 4, password=None),
            put("market_id", 3, groupname=None),
            put("kim", 7, option_image_copy="copy:0"),
            put("lee", 2, target_group="대기4"),
        ),
        [
            "[login_id]:4행: password 열이 비어 있습니다",
            "[market_id]:3행: groupname 열: 비어 있습니다",
            "[kim]:7행: option_image_copy 열: 'copy:0': 1부터 999까지의 수를 쓰세요",
            "[lee]:2행: target_group 열: '대기4': 없는 그룹입니다",
        ],
    ),
}


@pytest.mark.parametrize(("damage", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_every_problem_is_told_at_once_with_sheet_row_and_column(
    tmp_path: Path, damage: Break, said: list[str]
) -> None:
    book = sample_workbook()
    damage(book)
    path = save(book, tmp_path)

    with pytest.raises(InputError) as caught:
        read_accounts(path, {})

    assert [line.removeprefix(str(path)) for line in str(caught.value).splitlines()] == said
    assert KEY_CANARY not in str(caught.value)
