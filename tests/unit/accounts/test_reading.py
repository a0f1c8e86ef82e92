import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from percenty_batch.accounts import AccountFile, PasswordKind, read_accounts
from percenty_batch.errors import InputError

SECRET = "s3cret-canary"


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "accounts.csv"
    path.write_bytes(text.encode(encoding))
    return path


def read(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> AccountFile:
    return read_accounts(csv_file(folder, text), environ or {})


def refusal(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, text, environ)
    prefix = f"{folder / 'accounts.csv'}:"
    lines = str(caught.value).splitlines()
    assert all(line.startswith(prefix) for line in lines)
    return [line.removeprefix(prefix).strip() for line in lines]


def pairs(file: AccountFile) -> list[tuple[str, str]]:
    return [(account.id, account.password) for account in file.accounts]


def test_accounts_come_in_the_files_order(tmp_path: Path) -> None:
    file = read(tmp_path, "id,password\nb@example.com,one\na@example.com,two\n")

    assert pairs(file) == [("b@example.com", "one"), ("a@example.com", "two")]
    assert [entry.row for entry in file.entries] == [2, 3]


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp949", "cp949")]
)
def test_each_accepted_encoding_is_found_and_named(
    tmp_path: Path, encoding: str, found: str
) -> None:
    path = csv_file(tmp_path, "id,password,operator\na@example.com,비밀번호,김철수\n", encoding)

    file = read_accounts(path, {})

    assert pairs(file) == [("a@example.com", "비밀번호")]
    assert file.encoding == found


def test_bytes_of_no_accepted_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes("id,password\na@example.com,한글\n".encode("utf-16"))

    with pytest.raises(InputError, match="문자 인코딩을 알 수 없습니다"):
        read_accounts(path, {})


def test_columns_are_found_by_header_whatever_their_order_and_case(tmp_path: Path) -> None:
    file = read(tmp_path, " Password ,operator,ID\none,someone,a@example.com\n")

    assert pairs(file) == [("a@example.com", "one")]


def test_blanks_around_an_id_are_dropped_but_a_password_is_kept_as_it_is(tmp_path: Path) -> None:
    file = read(tmp_path, 'id,password\n a@example.com ," o,""ne "\n')

    assert pairs(file) == [("a@example.com", ' o,"ne ')]


def test_lines_without_any_text_are_passed_over(tmp_path: Path) -> None:
    file = read(tmp_path, "\nid,password\r\n\r\na@example.com,one\r\n,\r\nb@example.com,two\r\n")

    assert [entry.row for entry in file.entries] == [4, 6]


def test_a_password_can_stand_in_an_environment_variable(tmp_path: Path) -> None:
    file = read(tmp_path, "id,password_env\na@example.com,PW_A\n", {"PW_A": " two words "})

    assert pairs(file) == [("a@example.com", " two words ")]
    assert file.secret_env_names == {"PW_A"}
    assert (file.entries[0].kind, file.entries[0].source) == (PasswordKind.ENV, "PW_A")


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_password_can_stand_in_a_file_beside_the_accounts_file(
    tmp_path: Path, ending: str
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "a.txt").write_bytes(f" pass word {ending}".encode())

    file = read(tmp_path, "id,password_file\na@example.com,secrets/a.txt\n")

    assert pairs(file) == [("a@example.com", " pass word ")]
    assert file.secret_env_names == frozenset()


def test_every_row_may_give_its_password_in_its_own_way(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        "id,password,password_env\na@example.com,one,\nb@example.com,,PW_B\n",
        {"PW_B": "two"},
    )

    assert pairs(file) == [("a@example.com", "one"), ("b@example.com", "two")]


def test_a_password_never_shows_in_the_repr(tmp_path: Path) -> None:
    file = read(tmp_path, f"id,password\na@example.com,{SECRET}\n")

    assert SECRET not in repr(file)


def test_every_problem_is_told_at_once_in_the_order_of_rows(tmp_path: Path) -> None:
    said = refusal(
        tmp_path,
        "id,password,password_env,password_file\n"
        f",{SECRET},,\n"
        "b@example.com,,,\n"
        f"c@example.com,{SECRET},PW_C,\n"
        "d@example.com,,PW_D,\n"
        "e@example.com,,PW_E,\n"
        "f@example.com,,,nowhere.txt\n"
        f"c@example.com,{SECRET},,\n"
        ",,,\n"
        ",,PW_D,\n",
        {"PW_E": ""},
    )

    assert said == [
        "2행: id 열이 비어 있습니다",
        "3행: password, password_env, password_file 열이 비어 있습니다",
        "4행: password, password_env 중 하나만 쓸 수 있습니다",
        "5행: 환경 변수 'PW_D': 없습니다",
        "6행: 환경 변수 'PW_E': 비어 있습니다",
        "7행: 파일 'nowhere.txt': 읽을 수 없습니다 (없음)",
        "8행: id 'c@example.com'는 4행에 이미 있습니다",
        "10행: id 열이 비어 있습니다",
        "10행: 환경 변수 'PW_D': 없습니다",
    ]


@pytest.mark.parametrize(
    ("first", "twin"),
    [
        ("User@Example.com", "user@example.com"),
        (
            unicodedata.normalize("NFC", "가@example.com"),
            unicodedata.normalize("NFD", "가@example.com"),
        ),
    ],
)
def test_spellings_of_one_id_are_refused_as_doubles(tmp_path: Path, first: str, twin: str) -> None:
    (said,) = refusal(tmp_path, f"id,password\n{first},one\n{twin},two\n")

    assert said == f"3행: id {twin!r}는 2행에 이미 있습니다 (대소문자나 유니코드 표기만 다름)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "내용이 없습니다"),
        (" ,\n", "내용이 없습니다"),
        ("id,password\n", "계정이 하나도 없습니다"),
        ("id,operator\na@example.com,x\n", "비밀번호 열이 없습니다"),
        ("id,password,pasword_env\na@example.com,x,\n", "알 수 없는 열 'pasword_env'"),
        ("id,password,id\na@example.com,x,y\n", "1행: 'id' 열이 두 번 이상 있습니다"),
        ("id,password,\na@example.com,x,y\n", "1행: 3번째 열은 값이 있지만 열 이름이 비어"),
        ("id,password\na@example.com,x,y\n", "2행: 값이 열 이름보다 많습니다"),
        ('id,password\na@example.com,"x\n', "2행: CSV 형식이 잘못되었습니다"),
        ("id,password\na\u200b@example.com,x\n", "2행: id 열에 보이지 않는 글자가 있습니다"),
        ('id,password\na@example.com,"x\ny"\n', "2행: 비밀번호에 줄바꿈이나 제어 문자가"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (line,) = refusal(tmp_path, text)

    assert line.startswith(said)


def test_a_file_without_header_is_refused_without_showing_its_passwords(tmp_path: Path) -> None:
    (said,) = refusal(tmp_path, f"a@example.com,{SECRET}\nb@example.com,{SECRET}\n")

    assert said == "1행: 첫 행에 id 열이 없습니다 (열 이름 예: id, password)"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "비어 있습니다"),
        (b"\n", "비어 있습니다"),
        (b"\xff\xfe", "UTF-8 텍스트가 아닙니다"),
        (b"x" * 5000, "너무 큽니다"),
    ],
)
def test_a_password_file_without_a_usable_password_is_refused(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "a.txt").write_bytes(content)

    (line,) = refusal(tmp_path, "id,password_file\na@example.com,a.txt\n")

    assert line.startswith(f"2행: 파일 'a.txt': {said}")


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"읽을 수 없습니다 \(없음\)"):
        read_accounts(tmp_path / "no.csv", {})
    with pytest.raises(InputError, match="폴더임"):
        read_accounts(tmp_path, {})


def test_an_old_or_locked_workbook_is_refused_by_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "accounts.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

    with pytest.raises(InputError, match="예전 형식"):
        read_accounts(path, {})


@settings(deadline=None)  # a busy machine is no failure
@given(data=st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"id,password\n" + data)

    try:
        file = read_accounts(path, {})
    except InputError:
        return
    assert all(account.id and account.password for account in file.accounts)
