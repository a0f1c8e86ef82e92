import os
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from percenty_batch.errors import InputError
from percenty_batch.logs import Hit, SearchQuery, Unreadable, check_query, search_logs
from percenty_batch.logs.packing import compress_into, packed_path
from percenty_batch.logs.search import searching

FIRST, SECOND = "20260101_020000", "20260102_020000"
A, B = "a@example.com", "b@example.com"


def line(text: str, *, level: str = "INFO", account: str = A, at: str = "02:00:00,123") -> str:
    return f"2026-01-01 {at} - {level} - [{account}] {text}\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a log of the tree, plain or compressed."""

    def write_log(path: str, *lines: str, is_packed: bool = False) -> Path:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(lines), encoding="utf-8", newline="")
        if not is_packed:
            return file
        with packed_path(file).open("wb") as packed:
            compress_into(packed, file)
        file.unlink()
        return packed_path(file)

    return write_log


def places(root: Path, *words: str, has_copies: bool = False, **query: object) -> list[str]:
    """Search, and give `path:line` of each hit."""
    asked = SearchQuery(words=words, **query)  # type: ignore[arg-type]
    check_query(asked)
    return [
        f"{each.path}:{each.line}" if isinstance(each, Hit) else f"{each.path}: {each.why}"
        for each in search_logs(root, asked, has_copies=has_copies)
    ]


def texts(root: Path, *words: str, **query: object) -> list[str]:
    asked = SearchQuery(words=words, **query)  # type: ignore[arg-type]
    return [each.text for each in search_logs(root, asked) if isinstance(each, Hit)]


def log_of(account: str, stamp: str = FIRST) -> str:
    return f"accounts/{stamp}/{account}.log"


@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "compressed"])
def test_a_word_is_found_with_its_file_and_line(
    tmp_path: Path, write: Callable[..., Path], is_packed: bool
) -> None:
    write(log_of(A), line("시작"), line("로그인 성공"), line("끝"), is_packed=is_packed)
    ending = ".zst" if is_packed else ""
    assert places(tmp_path, "로그인") == [f"{log_of(A)}{ending}:2"]


def test_all_words_must_stand_in_the_line_in_any_order_and_case(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    write(log_of(A), line("CAPTCHA at 로그인"), line("captcha"), line("로그인"))
    assert places(tmp_path, "로그인", "Captcha") == [f"{log_of(A)}:1"]
    assert places(tmp_path, "captcha at") == [f"{log_of(A)}:1"]


@pytest.mark.parametrize("asked", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["NFC", "NFD", "mixed"])
def test_hangul_is_found_however_it_is_composed(
    tmp_path: Path, write: Callable[..., Path], asked: str, written: str
) -> None:
    text = "로" + unicodedata.normalize("NFD", "그인") if written == "mixed" else None
    text = text or unicodedata.normalize(written, "로그인")  # type: ignore[arg-type]
    write(log_of(A), line("x"), line(f"=== {text} ==="))
    word = unicodedata.normalize(asked, "로그인")  # type: ignore[arg-type]
    assert places(tmp_path, word) == [f"{log_of(A)}:2"]
    assert places(tmp_path, f"=+ {word}", is_regex=True) == [f"{log_of(A)}:2"]


def test_a_syllable_is_not_found_in_another_that_begins_like_it(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    write(log_of(A), line(unicodedata.normalize("NFD", "각")), line("각"))
    assert places(tmp_path, "가") == []


def test_the_order_is_that_of_runs_then_files_then_lines(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    write(log_of(A, SECOND), line("x 5"))
    write(log_of(B), line("x 3", account=B))
    write(log_of(A), line("x 1"), line("-"), line("x 2"), is_packed=True)
    write(f"batch_processor_{FIRST}.log", line("x 4", account="-"))
    assert [text[-1] for text in texts(tmp_path, "x ")] == list("12345")


def test_a_run_that_went_on_after_its_compression_is_read_in_order(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    write(log_of(A), line("x 1"), is_packed=True)
    write(log_of(A), line("x 2"))
    assert places(tmp_path, "x ") == [f"{log_of(A)}.zst:1", f"{log_of(A)}:1"]


def test_a_line_is_told_once_though_it_stands_in_three_files(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    twice = line("x", level="ERROR")
    write(log_of(A), twice, twice)
    write(f"errors/{FIRST}/{A}_errors.log", twice, twice)
    write(f"batch_processor_{FIRST}.log", twice, twice, line("x", account="only here"))
    assert places(tmp_path, "x") == [
        f"{log_of(A)}:1",
        f"{log_of(A)}:2",
        f"batch_processor_{FIRST}.log:3",
    ]
    assert len(places(tmp_path, "x", has_copies=True)) == 7


def test_a_line_that_the_accounts_log_lost_is_told_from_the_batch_log(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    write(log_of(A), line("x"))
    write(f"batch_processor_{FIRST}.log", line("x"), line("x"))
    assert places(tmp_path, "x") == [f"{log_of(A)}:1", f"batch_processor_{FIRST}.log:2"]


def test_json_lines_are_searched_alike(tmp_path: Path, write: Callable[..., Path]) -> None:
    record = (
        '{"at": "2026-01-01T02:00:00.123+00:00", "level": "ERROR", "account": "a@example.com",'
        ' "message": "저장 \\"실패\\""}\n'
    )
    write(log_of(A), record)
    write(f"batch_processor_{SECOND}.log", record)
    assert places(tmp_path, '"실패"') == [f"{log_of(A)}:1", f"batch_processor_{SECOND}.log:1"]
    assert places(tmp_path, "실패", level="CRITICAL") == []
    assert places(tmp_path, "실패", account=A, run=SECOND) == [f"batch_processor_{SECOND}.log:1"]
    assert places(tmp_path, "실패", account=B) == []


def test_level_account_run_and_time_narrow_the_search(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    write(log_of(A), line("x early"), line("x late", level="ERROR", at="05:00:00,000"))
    write(log_of(B), line("x", level="WARNING", account=B))
    write(log_of(A, SECOND), line("x"))
    since = datetime(2026, 1, 1, 3).astimezone()
    assert places(tmp_path, "x", level="WARNING") == [f"{log_of(A)}:2", f"{log_of(B)}:1"]
    assert places(tmp_path, "x", level="ERROR") == [f"{log_of(A)}:2"]
    assert places(tmp_path, "x", account=B) == [f"{log_of(B)}:1"]
    assert places(tmp_path, "x", run=SECOND) == [f"{log_of(A, SECOND)}:1"]
    assert places(tmp_path, "x", since=since) == [f"{log_of(A)}:2"]
    os.utime(tmp_path / log_of(A), (0, 0))  # last written to before that: not even opened
    assert places(tmp_path, "x", since=since) == []


def test_half_a_line_is_never_left_out_for_its_level(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    write(log_of(A), "…half a line with x\n", line("x"))
    assert places(tmp_path, "x", level="ERROR") == [f"{log_of(A)}:1"]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("성공|실패", [1, 2]),
        (r"^2026.*(성공)$", [1]),
        (r"로그인\s성공", [1]),
        (r"(?<!\s)2026", [1, 2]),
        (r"실패(?!\s)", [2]),
        ("(?i)TIMEOUT", [2]),
        ("TIMEOUT", []),
    ],
)
def test_a_regular_expression_is_held_against_each_line(
    tmp_path: Path, write: Callable[..., Path], expression: str, found: list[int]
) -> None:
    write(log_of(A), line("로그인 성공"), line("timeout 실패"))
    expected = [f"{log_of(A)}:{number}" for number in found]
    assert places(tmp_path, expression, is_regex=True) == expected


@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "compressed"])
def test_lines_around_a_hit_are_told_also_over_the_bounds_of_blocks(
    tmp_path: Path, write: Callable[..., Path], is_packed: bool
) -> None:
    lines = [line(f"{number} {'.' * 3000}") for number in range(1000)]
    lines[349], lines[999] = line("zz 349"), line("zz 999")
    write(log_of(A), *lines, is_packed=is_packed)
    middle, last = search_logs(tmp_path, SearchQuery(words=("zz ",), context=2))
    assert isinstance(middle, Hit)
    assert isinstance(last, Hit)
    assert middle.line == 350
    assert [text.split()[6] for text in (*middle.before, *middle.after)] == [
        *("347", "348", "350", "351")
    ]
    assert ([text.split()[6] for text in last.before], last.after) == (["997", "998"], ())


def test_a_line_of_many_megabytes_is_found_and_counted(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    write(log_of(A), line("." * 5_000_000 + " x " + "." * 5_000_000), line("x"), is_packed=True)
    assert places(tmp_path, " x") == [f"{log_of(A)}.zst:1", f"{log_of(A)}.zst:2"]


def test_a_last_line_without_an_end_is_a_line(tmp_path: Path, write: Callable[..., Path]) -> None:
    write(log_of(A), line("y"), "zz")
    assert places(tmp_path, "zz", "z") == [f"{log_of(A)}:2"]


@pytest.mark.parametrize("damage", ["cut", "empty", "wrong", "garbage behind"])
def test_a_damaged_file_is_named_with_what_could_be_read_of_the_others(
    tmp_path: Path, write: Callable[..., Path], damage: str
) -> None:
    packed = write(log_of(A), *[line(f"x {n}") for n in range(2000)], is_packed=True)
    whole = packed.read_bytes()
    packed.write_bytes(
        {
            "cut": whole[:-20],
            "empty": b"",
            "wrong": whole[:100] + b"\0" * 50 + whole[150:],
            "garbage behind": whole + b"garbage",
        }[damage]
    )
    write(log_of(B), line("x", account=B))
    found = [*search_logs(tmp_path, SearchQuery(words=("x",)))]
    assert Unreadable(path=f"{log_of(A)}.zst", why="압축 파일이 손상됨") in found
    assert isinstance(found[-1], Hit)
    assert found[-1].path == log_of(B)


def test_a_log_that_was_compressed_since_it_was_listed_is_read_all_the_same(
    tmp_path: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write(log_of(A), line("x"))
    files = searching._files(tmp_path, SearchQuery(words=("x",)))
    monkeypatch.setattr(searching, "_files", lambda *_: files)
    with packed_path(log).open("wb") as packed:
        compress_into(packed, log)
    log.unlink()
    assert places(tmp_path, "x") == [f"{log_of(A)}.zst:1"]
    packed_path(log).unlink()
    assert places(tmp_path, "x") == []


def test_processes_find_what_one_finds_in_the_same_order(
    tmp_path: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        stamp = f"202601{number + 1:02d}_020000"
        write(log_of(A, stamp), line(f"x {number}"), line("x"), is_packed=number % 2 == 0)
    alone = places(tmp_path, "x")
    monkeypatch.setattr(searching, "_ALONE_BYTES", 0)
    monkeypatch.setattr(searching, "_TASK_FILES", 4)
    monkeypatch.setattr(searching, "_cores", lambda: 2)
    assert len(alone) == 60
    assert places(tmp_path, "x") == alone
    some = search_logs(tmp_path, SearchQuery(words=("x",)))
    assert isinstance(next(some), Hit)
    some.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "is_regex"), [((), False), (("",), False), (("a\nb",), False), (("(",), True)]
)
def test_what_cannot_be_searched_for_is_refused(words: tuple[str, ...], is_regex: bool) -> None:
    with pytest.raises(InputError):
        check_query(SearchQuery(words=words, is_regex=is_regex))


def test_the_begin_of_the_whole_text_is_no_begin_of_a_line() -> None:
    with pytest.raises(InputError, match="대신"):
        check_query(SearchQuery(words=(r"\Ax",), is_regex=True))
    check_query(SearchQuery(words=(r"\\Ax",), is_regex=True))
