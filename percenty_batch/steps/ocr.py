"""Whether a picture shows Chinese: read by RapidOCR, whose package holds its models.

It is the extra `ocr` of the package: without it nothing is assumed, and rows that ask for it are
refused before a browser opens.
"""

import asyncio
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LEAST_SCORE = 0.3  # of a reading that counts


async def shows_chinese(png: bytes) -> bool:
    """Read the picture's texts, in a thread, and look for a Chinese letter."""
    return has_chinese(await asyncio.to_thread(read_texts, png))


def read_texts(png: bytes) -> list[tuple[str, float]]:
    """Read the texts of a picture, each with its score from 0 to 1; it takes seconds."""
    found = _engine()(png)
    return list(zip(found.txts or (), found.scores or (), strict=True))


def has_chinese(readings: Iterable[tuple[str, float]]) -> bool:
    """Whether one of these texts, each with its score from 0 to 1, is Chinese."""
    return any(score > _LEAST_SCORE and _CHINESE.search(text) for text, score in readings)


@cache
def _engine() -> Callable[[bytes], Any]:
    from rapidocr import RapidOCR  # an extra, and slow to import

    engine: Callable[[bytes], Any] = RapidOCR(params={"Global.log_level": "error"})
    return engine
