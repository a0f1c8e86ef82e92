"""Where in a log file to look."""

import re
from pathlib import Path

_MAX_BYTES = 32_000_000  # of one file; an account's log is far smaller
_PIECE = 1 << 16
# The beginning of a line of either format, which no text of a page can reach.
_ERROR = re.compile(
    rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (?:ERROR|CRITICAL) - "
    rb'|\{"at": "[^"]{1,40}", "level": "(?:ERROR|CRITICAL)"'
)


def first_error_line(path: Path) -> int | None:
    """Give the number of the first error's line, from 1; None when there is none, or no file."""
    try:
        with path.open("rb") as file:
            number, read = 1, 0
            while (piece := file.readline(_PIECE)) and read < _MAX_BYTES:
                if _ERROR.match(piece):
                    return number
                while piece and not piece.endswith(b"\n"):  # the rest of a long line
                    read += len(piece)
                    piece = file.readline(_PIECE)
                read += len(piece)
                number += 1
    except OSError:
        return None
    return None
