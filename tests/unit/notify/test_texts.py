import pytest

from percenty_batch.notify.texts import inert


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("user.one+x@example.com", "user.one+x@example.com"),
        ("비밀번호가 올바르지 않습니다", "비밀번호가 올바르지 않습니다"),
        ("<script>alert(1)</script>", "‹script›alert(1)‹/script›"),
        ("[x](javascript:1)", "［x］(javascript:1)"),
        ("@everyone <!channel> <@U1>", "＠everyone ‹!channel› ‹＠U1›"),
        ("see https://e.example/", "see https:∕∕e.example/"),
        ("two\r\nlines \x1b[2J \u202e", "two lines ［2J"),
        ("{{ 7 * 7 }}", "｛｛ 7 ∗ 7 ｝｝"),
    ],
)
def test_foreign_text_shows_and_does_nothing(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_a_long_text_is_cut() -> None:
    assert inert("가" * 1_000_000) == "가" * 300 + "…"
