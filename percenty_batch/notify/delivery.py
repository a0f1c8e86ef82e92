"""A message on its way: sent by a child process that is killed when it takes too long."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from percenty_batch.notify import sender
from percenty_batch.notify.channels import Channel
from percenty_batch.notify.messages import Message

_MB = 1024 * 1024


class Outcome(StrEnum):
    """What became of a message. UNKNOWN: it may or may not have arrived."""

    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a delivery ended, and why (one line; not masked)."""

    outcome: Outcome
    why: str = ""


async def deliver(
    channel: Channel,
    message: Message,
    *,
    timeout_s: float,
    attachments: Sequence[Path] = (),
    max_attachment_mb: int = 0,
) -> Delivery:
    """Send the message, cut to the channel's size; attachments go along where they fit.

    Never raises but for cancellation, and never takes much longer than `timeout_s`.
    """
    parcel = {
        "url": channel.url,
        "title": message.title,
        "head": message.head,
        "rows": message.rows,
        "mood": message.mood,
        "attachments": [str(path) for path in attachments],
        "attachment_bytes": max_attachment_mb * _MB,
    }
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            sender.__file__,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us: we send what there is to send
        )
    except OSError as error:
        return Delivery(outcome=Outcome.REFUSED, why=f"보낼 수 없음: {error.strerror}")
    try:
        async with asyncio.timeout(timeout_s):
            answer, _ = await child.communicate(json.dumps(parcel).encode())
    except TimeoutError:
        return Delivery(outcome=Outcome.UNKNOWN, why=f"{timeout_s:g}초 안에 끝나지 않음")
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return _read(answer)


def _read(answer: bytes) -> Delivery:
    try:
        told = json.loads(answer)
    except ValueError:
        return Delivery(outcome=Outcome.UNKNOWN, why="보내는 프로세스가 비정상 종료됨")
    if told["is_sent"]:
        return Delivery(outcome=Outcome.SENT)
    why = " / ".join(told["why"].split("\n")) or "이유를 알 수 없음"
    return Delivery(outcome=Outcome.REFUSED, why=why)
