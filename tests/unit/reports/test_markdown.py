from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from percenty_batch.reports.markdown import code, inert, link, log_link, visible

HOSTILE = st.text(
    st.sampled_from("ab1 .-+=*_`[]()<>#|!\\&;~:/@\n\r\t\x1b\u2028\u202e가") | st.characters(),
    max_size=60,
)
PIECES = st.lists(
    st.sampled_from(
        ["http://", "https://", "www.", "evil.example.com", "<b>", "</b>", "![x](", "](y)", ")",
         "**", "__", "~~", "```", "&lt;", "- ", "1. ", "# ", "> ", "---", "\n\n", "    ", "| a |",
         "<!--", "mailto:", "a@b.example.com", "//", " ", "[1]: ", "javascript:"]
    ),
    max_size=8,
).map("".join)  # fmt: skip
patient = settings(  # nothing here is a claim about time
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def parser(preset: str = "commonmark") -> MarkdownIt:
    made = MarkdownIt(preset)
    if made.linkify is not None:  # as editors do: a bare name or e-mail is no link
        made.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    return made


def inline(markdown: str, preset: str = "commonmark") -> list[Token]:
    return [
        child
        for token in parser(preset).parse(markdown)
        if token.type == "inline"
        for child in token.children or []
    ]


def block_types(markdown: str, preset: str) -> list[str]:
    return [token.type for token in parser(preset).parse(markdown)]


@pytest.mark.parametrize("preset", ["commonmark", "gfm-like"])
@pytest.mark.parametrize("frame", ["### ✅ {}", "- **오류 내용:**\n  - {}", "**작업 ID:** {}"])
@patient
@given(text=(HOSTILE | PIECES).filter(str.strip))
def test_any_text_is_only_text_wherever_a_report_prints_it(
    text: str, frame: str, preset: str
) -> None:
    tame = frame.format("x")
    report = frame.format(inert(text))

    assert block_types(report, preset) == block_types(tame, preset)
    assert [token.type for token in inline(report, preset)] == [
        token.type for token in inline(tame, preset)
    ]


@patient
@given(HOSTILE.filter(str.strip))
def test_any_text_shows_as_it_is_with_hidden_characters_as_escapes(text: str) -> None:
    (shown,) = inline("### " + inert(text))

    assert shown.content == visible(text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "user1@example.com",
        "a_b.c+d-e@example.com",
        "로그인 실패",
        "비밀번호가 올바르지 않습니다",
        "상품 이동을 확인하지 못했습니다 (신규수집), 다시 시도: 2회!",
        "2024-12-01 14:30:52.123456",
        "13.67초",
        "650a1b2c3d4e5f60718293a4: 실패 - 이미지가 없습니다",
    ],
)
def test_tame_text_is_not_changed_by_a_letter(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("한 줄\n### ✅ 위조", r"한 줄\n\#\#\# ✅ 위조"),
        ("\x1b[31m빨강", r"\x1b\[31m빨강"),
        ("a\u202eb\u2028c\x85d", r"a\u202eb\u2028c\x85d"),
        ("\U000e0041", r"\U000e0041"),
        ("\udcff", r"\udcff"),
        ("https://evil.example.com", r"https:\//evil.example.com"),
        ("www.example.com", r"www\.example.com"),
        ("- 목록", r"\- 목록"),
        ("1. 목록", r"1\. 목록"),
        ("_a_", r"\_a\_"),
    ],
)
def test_hostile_text_is_escaped(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_a_very_long_text_is_cut() -> None:
    assert inert("가" * 2_000) == "가" * 500 + "…"


@patient
@given(HOSTILE.filter(str.strip))
def test_a_code_span_holds_any_text(text: str) -> None:
    (span,) = inline("- " + code(text))

    assert span.type == "code_inline"
    assert span.content == visible(text)


def test_a_link_leads_to_the_file_beside_it() -> None:
    opened, text, _ = inline(link("batch_report_단계 1.md"))

    assert opened.attrs == {"href": "batch_report_%EB%8B%A8%EA%B3%84%201.md"}
    assert text.content == "batch_report_단계 1.md"


def test_a_link_to_evidence_leads_from_the_reports_folder_to_the_log_folder() -> None:
    (opened, text, _) = inline(log_link("evidence/s/a@example.com/상품 1_실패.png"))

    assert opened.attrs == {
        "href": "../../evidence/s/a%40example.com/%EC%83%81%ED%92%88%201_%EC%8B%A4%ED%8C%A8.png"
    }
    assert text.content == "상품 1_실패.png"


@patient
@given(HOSTILE.filter(str.strip))
def test_a_link_to_evidence_is_a_link_whatever_the_file_is_called(text: str) -> None:
    name = text.replace("/", "").strip() or "x"
    opened, *_, closed = inline("- " + log_link(f"evidence/{name}"))

    assert (opened.type, closed.type) == ("link_open", "link_close")
    target = unquote(str(opened.attrs["href"]), errors="surrogatepass")
    assert target == f"../../evidence/{name}"
