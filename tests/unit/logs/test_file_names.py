import unicodedata
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from percenty_batch.logs import file_stem

NASTY = 'aAkK4e.%-_@+ /\\:*?"<>|~$\n\x00\x1b\u0301éÉ가각\u1100\u1161\u11a8ſßİK\ud83d\ude00😀\u200b'
IDS = st.text(st.one_of(st.sampled_from(NASTY), st.characters(codec=None)), max_size=40) | st.text(
    st.sampled_from("가A.a"), min_size=70, max_size=320
)


def twins(account_id: str) -> set[str]:
    """Ids that some file system, or a careless encoding, takes for the same."""
    forms = {unicodedata.normalize(form, account_id) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    cases = {account_id.lower(), account_id.upper(), account_id.swapcase(), account_id.casefold()}
    ends = {account_id + ".", account_id + " ", "." + account_id, account_id + "_errors"}
    encoded = {file_stem(account_id), quote(account_id.encode(errors="surrogatepass"))}
    return {account_id, *forms, *cases, *ends, *encoded}


def folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@pytest.mark.parametrize("tame", ["user1@example.com", "a.b+c_d-e@example.com", "홍길동", "a..b"])
def test_a_tame_id_is_its_own_file_name(tame: str) -> None:
    assert file_stem(tame) == tame


@pytest.mark.parametrize(
    ("account_id", "stem"),
    [
        ("../../etc/passwd", "%2e.%2f..%2fetc%2fpasswd"),
        ("..", "%2e%2e"),
        ("a\\b:c", "a%5cb%3ac"),
        ("a\x00\nb", "a%00%0ab"),
        (" a ", "%20a%20"),
        (".hidden", "%2ehidden"),
        ("dot.", "dot%2e"),
        ("-rf", "%2drf"),
        ("nul.txt", "%6eul.txt"),
        ("CON", "%43%4f%4e"),
        ("com1", "%63om1"),
        ("console", "console"),
        ("User@example.com", "%55ser@example.com"),
        ("a%40b", "a%2540b"),
        ("\ud800", "%ed%a0%80"),
        ("", "%empty"),
    ],
)
def test_a_wild_id_becomes_a_readable_safe_form(account_id: str, stem: str) -> None:
    assert file_stem(account_id) == stem


def test_a_long_id_is_cut_and_told_apart_by_its_digest() -> None:
    stems = {file_stem("가" * 300 + tail) for tail in ("", "a", "A")}
    assert len(stems) == 3
    assert all(len(f"{stem}_errors.log".encode()) <= 255 for stem in stems)


@settings(deadline=None)
@given(IDS)
def test_no_two_ids_share_a_file_even_where_case_and_composition_are_folded(
    account_id: str,
) -> None:
    ids = twins(account_id)
    assert len({folded(file_stem(each)) for each in ids}) == len(ids)


@settings(deadline=None)
@given(IDS)
def test_a_stem_that_was_not_cut_decodes_to_the_id(account_id: str) -> None:
    stem = file_stem(account_id)
    if stem != "%empty" and "%sha256-" not in stem:
        assert unquote_to_bytes(stem) == account_id.encode(errors="surrogatepass")


@settings(deadline=None)
@given(IDS)
def test_every_stem_is_a_safe_file_name(account_id: str) -> None:
    stem = file_stem(account_id)
    assert 0 < len(f"{stem}_errors.log".encode()) <= 255
    assert folded(stem) == stem
    assert not set(stem) & set('/\\:*?"<>| ~$')
    assert stem.isprintable()
    assert stem[0] not in ".-"
    assert stem[-1] != "."
