"""Where in a log file to look."""

import re
from pathlib import Path

from percenty_batch.logs.packing import chunks, existing_log

_MAX_BYTES = 32_000_000  # of one file; an account's log is far smaller
# The beginning of a line of either format, which no text of a page can reach.
_ERROR = re.compile(
    rb"^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (?:ERROR|CRITICAL) - "
    rb'|\{"at": "[^"\n]{1,40}", "level": "(?:ERROR|CRITICAL)")',
    re.MULTILINE,
)
_LONGEST = 100  # bytes that it takes to see it
_MIDDLE = b"-"  # stands for the beginning of a line that was looked at already


def first_error_line(path: Path) -> int | None:
    """Give the number of the first error's line, from 1, also where the log is compressed.

    None when there is none, or the file cannot be read.
    """
    line, read, begun = 1, 0, b""
    try:
        for piece in chunks(existing_log(path)):
            text = begun + piece
            if found := _ERROR.search(text):
                return line + text.count(b"\n", 0, found.start())
            line += text.count(b"\n")
            begun = text[text.rfind(b"\n") + 1 :]
            begun = begun if len(begun) < _LONGEST else _MIDDLE
            read += len(piece)
            if read > _MAX_BYTES:
                break
    except OSError:
        pass  # a log that is lost has no line to look at
    return None
