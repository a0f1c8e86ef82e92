"""One message through one channel, in a process of its own: what hangs there can be killed.

Run as a script, it reads a parcel as JSON and answers `{"is_sent": …, "why": …}`; or it reads
`{"urls": […]}` and answers which of them are addresses. It imports nothing of ours, so that it is
ready soon; addresses come by the standard input, where no list of processes shows them.
"""

import io
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_RESERVE = 0.9  # of a channel's size: some count bytes, or what they put around a text


def fit(head: Sequence[str], rows: Sequence[str], limit: int) -> str:
    """Join the lines to a text of at most `limit` characters, and say how many were left out."""
    lines = list(head)
    kept = [*lines, *rows]
    if _length(kept) <= limit:
        return "\n".join(kept)
    for count in range(len(rows), -1, -1):
        kept = [*lines, *rows[:count], f"… 외 {len(rows) - count}개"]
        if _length(kept) <= limit:
            return "\n".join(kept)
    return "\n".join(lines)[: max(limit - 1, 0)] + "…"


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines) - 1


def room(title: str, body_limit: int, title_limit: int) -> int:
    """Give the characters that a body may have beside its title."""
    beside = len(title) + 2 if title_limit <= 0 else min(len(title), title_limit)
    return max(int(body_limit * _RESERVE) - beside, 0)


def fitting(paths: Sequence[str], limit: int) -> list[str]:
    """Choose the attachments, in their order, that together are no more than `limit` bytes."""
    chosen, left = [], limit
    for path in paths:
        size = Path(path).stat().st_size
        if size <= left:
            chosen.append(path)
            left -= size
    return chosen


def send(parcel: dict[str, Any]) -> tuple[bool, str]:
    """Send the parcel; returns whether it was taken, and what the library said if not."""
    import apprise  # in the child alone: it takes half a second

    told = io.StringIO()
    logging.getLogger("apprise").addHandler(_listening(told))
    channel = apprise.Apprise.instantiate(parcel["url"])
    if channel is None:
        return False, "쓸 수 없는 알림 주소"
    postman = apprise.Apprise()
    postman.add(channel)
    limit = room(parcel["title"], channel.body_maxlen, channel.title_maxlen)
    attachments = fitting(parcel["attachments"], parcel["attachment_bytes"])
    is_sent = postman.notify(
        title=parcel["title"],
        body=fit(parcel["head"], parcel["rows"], limit),
        body_format=apprise.NotifyFormat.TEXT,
        notify_type=parcel["mood"],
        attach=attachments if attachments and channel.attachment_support else None,
    )
    return bool(is_sent), told.getvalue().strip()


def _listening(stream: io.StringIO) -> logging.Handler:
    handler = logging.StreamHandler(stream)
    handler.setLevel(logging.WARNING)
    return handler


def are_addresses(urls: Sequence[str]) -> list[bool]:
    """Tell of each whether a message could be sent there."""
    import apprise  # as above

    return [apprise.Apprise.instantiate(url) is not None for url in urls]


def _main() -> None:
    asked = json.loads(sys.stdin.buffer.read())
    if "urls" in asked:
        answer: object = are_addresses(asked["urls"])
    else:
        is_sent, why = send(asked)
        answer = {"is_sent": is_sent, "why": why}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main()
