"""What a workbook asks for beside its logins: tasks, market rows, suffixes."""

import io
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
from openpyxl.styles import Font

from percenty_batch.accounts import (
    AccountFile,
    AllImages,
    ChineseImages,
    Copies,
    Edits,
    ImagesAt,
    Needs,
    Removal,
    ShopSuffixes,
    Task,
    TaskStep,
    no_inputs,
    read_accounts,
)
from percenty_batch.accounts.groups import GROUPS, find_group
from percenty_batch.sandbox.world import group_names
from tests.unit.accounts.sample_workbook import KEY_CANARY, sample_workbook, save


@pytest.fixture
def sample(tmp_path: Path) -> AccountFile:
    return read_accounts(save(sample_workbook(), tmp_path), {})


def test_tasks_come_in_the_workbooks_order_with_their_edits(sample: AccountFile) -> None:
    tasks = sample.inputs_of("user1@example.com").tasks or ()

    assert [(task.row, task.code, task.step_id, task.target_group) for task in tasks] == [
        (2, "H16", "2_1", "대기1"),
        (3, "G03", "3_1_2", "대기1"),
        (4, "A49", "3_3", "수동2"),
        (5, "a50", "3_2_1", "검수2"),
        (6, "149", "3_3_3", "서버1"),
        (7, "H17", "3_1", "중복X"),
    ]
    assert [task.edits for task in tasks] == [
        Edits(),
        Edits(image_delete=Removal(first=1, last=2, at=(3, 5))),
        Edits(thumbnail_delete=Removal(last=1), option_image_copy=Copies(count=3)),
        Edits(image_translate=AllImages()),
        Edits(html_update="<p>감사합니다</p>"),
        Edits(
            option_image_copy=Copies(count=1),
            image_translate=ImagesAt(positions=(2, 4)),
            thumbnail_translate=ChineseImages(among=3),
            optionimage_translate=AllImages(),
        ),
    ]


def test_a_row_of_step_2_is_moved_and_never_edited(tmp_path: Path) -> None:
    book = sample_workbook()
    book["kim"]["H2"] = "first:1"

    (first, *_) = read_accounts(save(book, tmp_path), {}).task_sheets["user1@example.com"]

    assert first == Task(
        row=2,
        code="H16",
        step=TaskStep.MOVE,
        final_group="서버1",
        target_group="대기1",
        edits=Edits(),
    )


def test_suffixes_are_those_of_one_step_by_shop(sample: AccountFile) -> None:
    assert sample.inputs_of("user1@example.com").suffixes_of(2) == ShopSuffixes(
        a="새봄", b="추천", c="정품", d="무료"
    )
    assert sample.inputs_of("user2@example.com").suffixes_of(1) == ShopSuffixes(
        a="aa", b="bb", c="cc", d="dd"
    )


def test_market_rows_go_to_their_accounts_under_the_sites_group_names(sample: AccountFile) -> None:
    mine = sample.inputs_of("user1@example.com").markets
    (theirs,) = sample.inputs_of("user2@example.com").markets

    assert [(row.row, row.group, row.auction_id) for row in mine] == [
        (2, "쇼핑몰A1", "auction1"),
        (4, "쇼핑몰B2", None),
    ]
    assert (theirs.group, theirs.talkstore_url) == ("쇼핑몰D3", "https://store.example.com/kim")
    assert (theirs.store11_api, theirs.talkstore_api) == (None, f"{KEY_CANARY}-2")


def test_what_a_step_needs_and_an_account_lacks_is_told_all_at_once(sample: AccountFile) -> None:
    needs = Needs(tasks=True, markets=True, suffixes=3)

    assert list(sample.inputs_of("user1@example.com").missing(needs)) == []
    who = f"{sample.path}: 계정 'user3@example.com'의"
    assert list(sample.inputs_of("user3@example.com").missing(needs)) == [
        f"{who} 작업 시트가 없습니다 (login_id 시트의 sheet_nickname 열에 시트 이름을 쓰세요)",
        f"{who} 행이 market_id 시트에 없습니다",
        f"{who} suffixA3~suffixD3 열이 비어 있습니다",
    ]
    assert list(sample.inputs_of("user3@example.com").missing(Needs())) == []


def test_an_account_without_a_file_has_no_inputs() -> None:
    (line,) = no_inputs("a@example.com").missing(Needs(tasks=True))
    assert line.startswith("계정 'a@example.com'의 작업 시트가 없습니다")


def test_a_step_is_given_its_own_rows(sample: AccountFile) -> None:
    inputs = sample.inputs_of("user1@example.com")
    assert [task.code for task in inputs.tasks_of("3_1")] == ["H17"]
    assert inputs.tasks_of("2_3") == ()
    assert no_inputs("a@example.com").tasks_of("3_1") == ()


def test_every_key_is_a_secret_and_in_no_repr(sample: AccountFile) -> None:
    assert sorted(sample.secrets) == [
        *(f"{KEY_CANARY}-{number}" for number in (1, 2, 3, 4)),
        *("one", "three", "two"),
    ]
    assert KEY_CANARY not in repr(sample)


def test_one_code_in_two_steps_is_told_but_not_refused(sample: AccountFile) -> None:
    assert sample.warnings == (
        f"{sample.path}[lee]:3행: provider_code 'A49': 2행에도 있어"
        " 2_2, 3_2_3 중 먼저 실행한 단계가 상품을 가져갑니다",
    )


def test_a_workbook_of_logins_alone_needs_no_other_sheet(tmp_path: Path) -> None:
    book = sample_workbook()
    for title in ("guide", "kim", "lee", "market_id"):
        book.remove(book[title])

    file = read_accounts(save(book, tmp_path), {})

    assert len(file.accounts) == 3
    assert file.inputs_of("user1@example.com").tasks is None


def test_hidden_sheets_rows_and_columns_are_read_like_any(
    tmp_path: Path, sample: AccountFile
) -> None:
    book = sample_workbook()
    book["kim"].sheet_state = "hidden"
    book["kim"].row_dimensions[3].hidden = True
    book["kim"].column_dimensions["H"].hidden = True

    assert read_accounts(save(book, tmp_path), {}) == sample


def test_blank_rows_and_a_stray_format_at_the_end_are_passed_over(
    tmp_path: Path, sample: AccountFile
) -> None:
    book = sample_workbook()
    book["kim"]["A100000"].font = Font(bold=True)
    book["kim"]["B200"] = "  "
    book["kim"]["AZ300"].font = Font(bold=True)

    assert read_accounts(save(book, tmp_path), {}) == sample


def test_a_merged_area_over_cells_that_nobody_reads_is_harmless(
    tmp_path: Path, sample: AccountFile
) -> None:
    book = sample_workbook()
    book["kim"].merge_cells("R2:R30")  # memo
    book["login_id"].merge_cells("C2:C9")  # operator

    assert read_accounts(save(book, tmp_path), {}) == sample


def test_the_size_that_a_sheet_claims_is_not_believed(tmp_path: Path, sample: AccountFile) -> None:
    path = _edited(
        save(sample_workbook(), tmp_path), '<dimension ref="[^"]+"', '<dimension ref="A1"'
    )

    assert read_accounts(path, {}) == sample


def test_the_last_computed_value_of_a_formula_counts(tmp_path: Path) -> None:
    book = sample_workbook()
    book["kim"]["E3"] = '="대기"&"2"'
    path = _edited(
        save(book, tmp_path),
        r'<c r="E3">(<f>.*?</f>)<v ?/?>(</v>)?',
        r'<c r="E3" t="str">\1<v>대기2</v>',
    )

    assert read_accounts(path, {}).task_sheets["user1@example.com"][1].target_group == "대기2"


def test_sheets_are_found_in_whatever_case_and_normalization(tmp_path: Path) -> None:
    book = sample_workbook()
    book["market_id"].title = "renamed"  # openpyxl takes the new title for a twin otherwise
    book["renamed"].title = "Market_ID"
    book["kim"].title = unicodedata.normalize("NFD", "김")
    book["login_id"]["D2"] = "김 "

    file = read_accounts(save(book, tmp_path), {})

    assert len(file.market_rows) == 3
    assert len(file.task_sheets["user1@example.com"]) == 6


def test_the_groups_are_the_fifty_of_every_account_in_either_case() -> None:
    assert len(set(GROUPS)) == 50
    for has_lower_case_trash in (False, True):
        names = group_names(has_lower_case_trash=has_lower_case_trash)
        assert {find_group(name) for name in names} == set(GROUPS)


@pytest.mark.parametrize("text", ["", "그룹 없음", "전체", "서버", "서버1-1", "서버11", "쇼핑몰A"])
def test_part_of_a_groups_name_is_no_group(text: str) -> None:
    assert find_group(text) is None


def _edited(path: Path, pattern: str, new: str) -> Path:
    """Replace a pattern in the XML of every sheet, as another program would have written it."""
    edited = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(edited, "w") as book:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/"):
                data = re.sub(pattern, new, data.decode()).encode()
            book.writestr(name, data)
    path.write_bytes(edited.getvalue())
    return path


@pytest.mark.parametrize("is_installed", [True, False])
def test_rows_that_need_images_read_are_refused_without_what_reads_them(
    sample: AccountFile, monkeypatch: pytest.MonkeyPatch, is_installed: bool
) -> None:
    monkeypatch.setattr("percenty_batch.accounts.inputs.can_read_images", lambda: is_installed)
    inputs = sample.inputs_of("user1@example.com")

    assert list(inputs.missing(Needs(tasks=True, edits="3_1_2"))) == []
    told = list(inputs.missing(Needs(tasks=True, edits="3_1")))

    assert told == [] if is_installed else len(told) == 1
    if not is_installed:
        assert "[kim]:7행: thumbnail_translate 열: 'special:3'" in told[0]
        assert "percenty-batch[ocr]" in told[0]
