"""Make any text inert in Markdown: it shows as it is and starts nothing."""

import re
import unicodedata
from urllib.parse import quote

_MAX_LENGTH = 500
_LOG_FOLDER = "../../"  # as seen from a report: it stands in `reports/<stamp>/`

# An underscore between two letters or digits is inert in CommonMark, so that
# `a_b@example.com` stays as it is. GitHub and editors make links of `//`, `www.`, `mailto:`.
_SPECIAL = re.compile(
    r"[\\`*\[\]<>#|~&$]|(?<![^\W_])_|_(?![^\W_])|/(?=/)|(?<=www)\.|(?<=mailto):", re.IGNORECASE
)
_BLOCK_START = re.compile(r"^([-+=]|[0-9]+(?=[.)](?:\s|$)))")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: str) -> str:
    """Show control, bidi and line separator characters as escapes; the result is one line."""
    return "".join(map(_visible_char, text))


def inert(text: str) -> str:
    """Escape what Markdown or HTML would read as more than text.

    One line of at most 500 characters of the original; it may stand at the start of a block.
    """
    text = text.strip()
    if len(text) > _MAX_LENGTH:
        text = text[:_MAX_LENGTH].rstrip() + "…"
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return visible(_BLOCK_START.sub(_escape_block_start, escaped))


def code(text: str) -> str:
    """Put `text` in a code span, whatever backticks it has."""
    shown = visible(text)
    longest = max(map(len, re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest or shown != shown.strip() else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def link(file_name: str) -> str:
    """Link to a file in the report's own folder."""
    return f"[{inert(file_name)}]({quote(file_name, safe='')})"


def log_link(path: str) -> str:
    """Link to a file of the log folder (`evidence/…/screenshot.png`) by its last name."""
    return f"[{inert(path.rpartition('/')[2])}]({_LOG_FOLDER}{quote(path, errors='surrogatepass')})"


def _escape_block_start(match: re.Match[str]) -> str:
    start = match.group()
    return start + "\\" if start.isdigit() else "\\" + start


def _visible_char(char: str) -> str:
    if unicodedata.category(char) not in _HIDDEN:
        return char
    if char in _SHORT:
        return _SHORT[char]
    point = ord(char)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
