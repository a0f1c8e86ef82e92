"""Passwords and tokens never reach a file: they are masked in whatever form a text shows them."""

import html
import json
import os
import re
import threading
from collections.abc import Collection, Iterator
from itertools import groupby
from urllib.parse import quote, quote_plus

MASK = "***"

# A shorter secret inside a longer word is chance, not a leak: it is masked as a word of its own.
_SHORTEST_ANYWHERE = 4
_WORD_START, _WORD_END = r"(?<![^\W_])", r"(?![^\W_])"

_KEPT_BY_ENCODE_URI_COMPONENT = "!'()*"
_KEPT_BY_ENCODE_URI = ";,/?:@&=+$!'()*#"


class Secrets:
    """A registry of secrets; `mask` shows each as `***`.

    Every secret is also found URL-encoded, JSON-, HTML- and repr-escaped, and in any two of
    these on top of each other. Forms of one to three characters are masked only where no letter
    or digit touches them. The longest form wins; forms that overlap are masked as one.
    """

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    def add(self, *secrets: str) -> None:
        """Register secrets; empty ones are ignored. Adding many at once costs one compilation."""
        forms = {form for secret in secrets for form in _forms(secret)}
        with self._lock:
            if not forms <= self._forms:
                self._forms |= forms
                self._pattern = None

    def mask(self, text: str) -> str:
        """Give `text` with `***` for every secret that was registered before this call."""
        if not self._forms:
            return text
        pattern = self._pattern or self._compile()
        return text if pattern.search(text) is None else _masked(pattern, text)

    def _compile(self) -> re.Pattern[str]:
        with self._lock:
            self._pattern = pattern = _pattern(self._forms)
            return pattern


def _masked(pattern: re.Pattern[str], text: str) -> str:
    parts, end = [], 0
    for start, stop in _spans(pattern, text):
        parts += [text[end:start], MASK]
        end = stop
    return "".join([*parts, text[end:]])


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Find every occurrence, also overlapping ones, and join those that overlap."""
    match = pattern.search(text)
    start, end = match.span() if match else (0, 0)
    while match is not None:
        if match.start() >= end:
            yield start, end
            start = match.start()
        end = max(end, match.end())
        match = pattern.search(text, match.start() + 1)
    yield start, end


def _forms(secret: str) -> set[str]:
    return {twice for once in _escapes(secret) for twice in _escapes(once)} if secret else set()


def _escapes(text: str) -> set[str]:
    """Give the text as itself and as each escaping alone shows it."""
    return {text, *_url_forms(text), *_html_forms(text), *_literal_forms(text)}


def _url_forms(text: str) -> Iterator[str]:
    raw = text.encode(errors="surrogatepass")
    kept = ("", "/", _KEPT_BY_ENCODE_URI_COMPONENT, _KEPT_BY_ENCODE_URI)
    forms = [quote(raw, safe) for safe in kept]
    forms += [quote_plus(raw), quote_plus(raw, "*").replace("~", "%7E")]
    for form in forms:
        yield form
        yield re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), form)


def _html_forms(text: str) -> Iterator[str]:
    yield html.escape(text, quote=False)
    escaped = html.escape(text)
    for apostrophe in ("&#x27;", "&#39;", "&apos;", "'"):
        yield escaped.replace("&#x27;", apostrophe)
    yield text.replace("&", "&amp;").replace('"', "&quot;")  # an attribute, as browsers write it


def _literal_forms(text: str) -> Iterator[str]:
    """JSON strings, and Python's and JavaScript's literals in either kind of quotes."""
    for is_ascii in (True, False):
        yield json.dumps(text, ensure_ascii=is_ascii)[1:-1]
    for show in (repr, ascii):
        single_quoted = show('"' + text)[2:-1]  # the quote in front makes Python choose '…'
        yield single_quoted
        yield single_quoted.replace("\\'", "'")


def _pattern(forms: Collection[str]) -> re.Pattern[str]:
    long = [form for form in forms if len(form) >= _SHORTEST_ANYWHERE]
    short = [form for form in forms if len(form) < _SHORTEST_ANYWHERE]
    choices = [_alternation(long)] if long else []
    if short:
        choices.append(f"{_WORD_START}(?:{_alternation(short)}){_WORD_END}")
    return re.compile("|".join(choices))


def _alternation(words: Collection[str]) -> str:
    """Write a pattern that shares prefixes (speed with 1,000 secrets) and takes the longest."""
    groups = groupby(sorted(words), key=lambda word: word[0])
    return "|".join(_branch(list(group)) for _, group in groups)


def _branch(words: list[str]) -> str:
    prefix = os.path.commonprefix(words)  # noqa: RUF071 - characters are meant, not folders
    rests = [word[len(prefix) :] for word in words if word != prefix]
    if not rests:
        return re.escape(prefix)
    may_end_here = "?" if prefix in words else ""
    return f"{re.escape(prefix)}(?:{_alternation(rests)}){may_end_here}"
