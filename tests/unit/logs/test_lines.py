import json
import unicodedata
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from percenty_batch.logs import Secrets, one_line
from percenty_batch.logs.lines import JsonLines, LineClock, TextLines

AT = datetime(2024, 12, 1, 14, 30, 52, 123_999)  # noqa: DTZ001 - local time is meant
AT_NS = int(AT.timestamp()) * 1_000_000_000 + 123_999_000
TEXTS = st.text(st.characters(codec=None))
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def clock() -> LineClock:
    return LineClock(lambda: AT_NS)


def text_line(account: str | None, level: str, **event: object) -> str:
    return TextLines(Secrets(), clock())(account, level, event)


def json_line(*secrets: str, **event: object) -> str:
    registry = Secrets()
    registry.add(*secrets)
    return JsonLines(registry, clock())("user1@example.com", "INFO", event)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", r"a\nb"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("\x1b[31m\x07\x00\x7f", r"\x1b[31m\x07\x00\x7f"),
        ("\x85\x9b\u2028\u2029\x0b\x0c\x1c", r"\x85\x9b\u2028\u2029\x0b\x0c\x1c"),
        ("\u202eabc\u2066", r"\u202eabc\u2066"),
        ("\ud83d \udc00", r"\ud83d \udc00"),
        ("\ufeff\u200b\U000e0041", r"\ufeff\u200b\U000e0041"),
    ],
)
def test_what_could_forge_a_line_is_shown_escaped(text: str, shown: str) -> None:
    assert one_line(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "상품 그룹이동 완료",
        "A→B “x” ½ 日本語",
        "전각\u3000공백\xa0",
        "👨\u200d👩\u200d👧",
        r"C:\new\x1b",
    ],
)
def test_readable_text_stays_as_it_is(text: str) -> None:
    assert one_line(text) == text


@settings(deadline=None)
@given(TEXTS)
def test_any_text_is_one_line_without_controls(text: str) -> None:
    shown = one_line(text)
    assert len(f"x{shown}".splitlines()) == 1
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(shown) & set(BIDI)
    assert one_line(shown) == shown


def test_the_line_is_the_guides_to_the_letter() -> None:
    line = text_line("user1@example.com", "INFO", event="=== 1단계 실행 시작: 수량=100 ===")
    assert line == (
        "2024-12-01 14:30:52,123 - INFO - [user1@example.com] === 1단계 실행 시작: 수량=100 ==="
    )


def test_a_line_of_no_account_has_no_label() -> None:
    assert (
        text_line(None, "INFO", event="배치 시작") == "2024-12-01 14:30:52,123 - INFO - 배치 시작"
    )


def test_bound_values_are_not_shown_in_text_lines() -> None:
    assert text_line(None, "INFO", event="m", step="1", item=3).endswith(" - INFO - m")


def test_an_exception_stays_on_the_line_of_its_message() -> None:
    line = text_line("a", "ERROR", event="실패", exception="Traceback:\n  x\nE: y")
    assert line.endswith(r"[a] 실패 | 오류 상세: Traceback:\n  x\nE: y")


def test_an_account_id_cannot_forge_a_line_either() -> None:
    assert text_line("a\nb", "INFO", event="m").endswith(r"[a\nb] m")


def test_a_json_line_holds_time_with_zone_level_account_message_and_context() -> None:
    record = json.loads(json_line(event="로그인 성공", step="1", attempt=2, ratio=0.5, ok=True))
    at = record.pop("at")
    assert datetime.fromisoformat(at) == AT.replace(microsecond=123_000).astimezone()
    assert record == {
        "level": "INFO",
        "account": "user1@example.com",
        "message": "로그인 성공",
        "step": "1",
        "attempt": 2,
        "ratio": 0.5,
        "ok": True,
    }


def test_a_context_field_never_replaces_one_of_ours() -> None:
    record = json.loads(json_line(event="m", level="x", account="b", message="y", message_="z"))
    assert (record["level"], record["account"], record["message"]) == (
        "INFO",
        "user1@example.com",
        "m",
    )
    assert {record["level_"], record["account_"], record["message_"], record["message__"]} == {
        *("x", "b", "y", "z")
    }


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_a_json_line_is_one_line_and_gives_back_what_was_logged(text: str, key: str) -> None:
    line = json_line(event=text, context={key: [text]})
    assert len(line.splitlines()) == 1
    assert not set(line) & set(f"{BIDI}\x7f\x85\u2028\u2029\ufeff")
    line.encode()
    assert json.loads(line)["message"] == joined(text)
    assert json.loads(line)["context"] == {joined(key): [joined(text)]}


def joined(text: str) -> str:
    """Two lone surrogates side by side are one character to every JSON reader."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def test_hangul_stays_readable_in_json() -> None:
    assert "번역대기" in json_line(event="번역대기")


def test_values_that_json_does_not_know_are_shown_as_text() -> None:
    class Colour(StrEnum):
        RED = "red"

    cycle: list[object] = []
    cycle.append(cycle)
    record = json.loads(
        json_line(event="m", path=Path("a/b"), colour=Colour.RED, nan=float("nan"), cycle=cycle)
    )
    assert (record["path"], record["colour"], record["nan"]) == (str(Path("a/b")), "red", "nan")
    assert "[...]" in str(record["cycle"])


def test_secrets_are_masked_in_every_part_of_a_json_line() -> None:
    line = json_line(
        *("s3cret!", "20240607"),
        event="a s3cret!",
        plain="s3cret!",
        number=20240607,
        nested=[{"s3cret!": ("s3cret!",)}, {"s3cret!"}],
        **{"s3cret!": 1},
    )
    assert "s3cret!" not in line
    assert "20240607" not in line
    assert json.loads(line)["number"] == "***"


def test_a_value_that_cannot_be_shown_costs_only_itself() -> None:
    class Broken:
        def __str__(self) -> str:
            raise ValueError

    assert text_line(None, "INFO", event=Broken()).endswith(" - <Broken: ValueError>")


def test_the_clock_follows_the_second_in_both_forms() -> None:
    times = iter([AT_NS, AT_NS + 876_000_000, AT_NS + 1_000_000_000])
    ticking = LineClock(lambda: next(times))
    assert [ticking.plain() for _ in range(3)] == [
        "2024-12-01 14:30:52,123",
        "2024-12-01 14:30:52,999",
        "2024-12-01 14:30:53,123",
    ]
