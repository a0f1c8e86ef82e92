"""Foreign text made inert for every channel at once: whatever reads it, it shows and does nothing.

Channels read plain text, HTML, or one of several dialects of Markdown, whose escapes differ. So
what means something in any of them is shown by a look-alike, and one text fits all.
"""

import re
import unicodedata

_LONGEST = 300
_LOOK_ALIKES = str.maketrans(
    {
        "<": "‹",
        ">": "›",
        "*": "∗",
        "`": "ˋ",
        "[": "［",
        "]": "］",
        "~": "∼",
        "|": "∣",
        "\\": "＼",
        "&": "＆",
        "{": "｛",
        "}": "｝",
    }
)
_MENTION = re.compile(r"(?<![\w.+-])@")  # `@everyone`, not the one inside an address
_ADDRESS = re.compile(r"://")  # would be a link, which some services open themselves
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})


def inert(text: str) -> str:
    """Give one line of at most 300 characters in which nothing is markup, mention or link."""
    line = "".join(" " if unicodedata.category(char) in _HIDDEN else char for char in text)
    line = " ".join(line.split())
    if len(line) > _LONGEST:
        line = f"{line[:_LONGEST].rstrip()}…"
    line = line.translate(_LOOK_ALIKES)
    return _ADDRESS.sub(":∕∕", _MENTION.sub("＠", line))
