import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from percenty_batch.logs import Secrets

ODD = "p@ 'w\"ö<&>\\비\n/~"
SECRETS = st.text(st.characters(codec="utf-8", exclude_characters="*"), min_size=4)


def mask(text: str, *secrets: str) -> str:
    registry = Secrets()
    registry.add(*secrets)
    return registry.mask(text)


def test_every_occurrence_is_masked() -> None:
    assert mask("hunter22 and hunter22!", "hunter22") == "*** and ***!"


def test_without_secrets_the_text_is_untouched() -> None:
    assert mask("text") == "text"
    assert mask("text", "") == "text"


@pytest.mark.parametrize(
    "shown",
    [
        quote(ODD),
        quote(ODD, safe=""),
        quote_plus(ODD),
        quote(ODD, safe="").replace("%C3%B6", "%c3%b6").replace("%0A", "%0a").lower(),
        urlencode({"password": ODD}).removeprefix("password="),
        json.dumps(ODD)[1:-1],
        json.dumps(ODD, ensure_ascii=False)[1:-1],
        html.escape(ODD),
        html.escape(ODD, quote=False),
        html.escape(ODD).replace("&#x27;", "&#39;"),
        ODD.replace("&", "&amp;").replace('"', "&quot;"),
        repr(ODD)[1:-1],
        ascii(ODD)[1:-1],
        repr([ODD, 1])[2:-5],
        repr(f'say "{ODD}"')[6:-2],
        "p@ 'w\\\"ö<&>\\\\비\\n/~",  # in a double-quoted literal of JavaScript
        "p@ \\'w\"ö<&>\\\\비\\n/~",  # in a single-quoted one
        repr(json.dumps(ODD))[2:-2],
        quote(quote(ODD, safe=""), safe=""),
        html.escape(json.dumps(ODD)[1:-1]),
    ],
)
def test_a_secret_is_masked_in_whatever_form_a_text_shows_it(shown: str) -> None:
    assert mask(f"fill: <{shown}> ok", ODD) == "fill: <***> ok"


def test_the_longest_secret_wins() -> None:
    assert mask("x password-long y", "password", "password-long") == "x *** y"
    assert mask("x password-lon y", "password", "password-long") == "x ***-lon y"


def test_overlapping_secrets_leave_no_piece_of_either() -> None:
    assert mask("-abcdefgh-", "abcdef", "efgh", "cdefg") == "-***-"
    assert mask("-abcdefgh-", "abcdefgh", "cdef") == "-***-"


def test_secrets_side_by_side_are_both_masked() -> None:
    assert mask("abcdwxyz", "abcd", "wxyz") == "******"


def test_a_short_secret_is_masked_only_as_a_word_of_its_own() -> None:
    assert mask("pin=123, 1234 items, a123, (123)", "123") == "pin=***, 1234 items, a123, (***)"
    assert mask("비번 가나, 가나다", "가나") == "비번 ***, 가나다"


def test_a_secret_added_later_is_masked_from_then_on() -> None:
    registry = Secrets()
    registry.add("first-one")
    assert registry.mask("first-one second-one") == "*** second-one"
    registry.add("second-one")
    assert registry.mask("first-one second-one") == "*** ***"


def test_a_lone_surrogate_in_a_secret_is_no_obstacle() -> None:
    assert mask("a \ud800bcd e", "\ud800bcd") == "a *** e"


@pytest.mark.parametrize("special", [".*.*", "(a|b)+", "[a-z]", "a\\d+", "^$^$"])
def test_a_secret_is_text_and_not_a_pattern(special: str) -> None:
    assert mask(f"x {special} abab", special) == "x *** abab"


@settings(deadline=None, max_examples=40)
@given(
    st.lists(SECRETS, min_size=1, max_size=5),
    st.sampled_from([str, quote, quote_plus, json.dumps, html.escape, repr, ascii]),
    st.text(),
    st.text(),
)
def test_no_secret_survives_in_any_text(
    secrets: list[str], show: Callable[[str], str], before: str, after: str
) -> None:
    masked = mask(before + "".join(map(show, secrets)) + after, *secrets)
    assert not [secret for secret in secrets if secret in masked]
    assert "***" in masked


@settings(deadline=None, max_examples=40)
@given(st.sets(SECRETS, min_size=1, max_size=8), st.text())
def test_a_text_without_secrets_is_never_changed(secrets: set[str], text: str) -> None:
    registry = Secrets()
    registry.add(*secrets)
    if not any(char in text for secret in secrets for char in secret) and "%" not in text:
        assert registry.mask(text) == text


def test_hundreds_of_secrets_are_told_apart() -> None:
    secrets = [f"{number:03d}-{'ab' * (number % 7)}-pw" for number in range(500)]
    text = " ".join(f"<{secret}>" for secret in secrets)
    assert mask(text, *secrets) == " ".join(["<***>"] * 500)
