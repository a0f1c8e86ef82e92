"""Which readings of a picture are Chinese, and how the reader is asked."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from percenty_batch.steps import ocr


@pytest.mark.parametrize(
    ("readings", "is_chinese"),
    [
        ([("女士外套", 0.99)], True),
        ([("SALE 50%", 0.99), ("新款 NEW", 0.5)], True),
        ([("女士", 0.2)], False),
        ([("여성 외투", 0.99)], False),
        ([], False),
    ],
)
def test_chinese_is_a_letter_read_with_some_certainty(
    readings: list[tuple[str, float]], is_chinese: bool
) -> None:
    assert ocr.has_chinese(readings) is is_chinese


@pytest.mark.parametrize(("texts", "readings"), [(("女士外套",), [("女士外套", 0.9)]), (None, [])])
def test_the_reader_of_the_extra_is_asked(
    monkeypatch: pytest.MonkeyPatch,
    texts: tuple[str, ...] | None,
    readings: list[tuple[str, float]],
) -> None:
    asked: list[bytes] = []

    def engine(png: bytes) -> SimpleNamespace:
        asked.append(png)
        return SimpleNamespace(txts=texts, scores=texts and (0.9,))

    fake = ModuleType("rapidocr")
    fake.RapidOCR = lambda **_options: engine  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rapidocr", fake)
    ocr._engine.cache_clear()
    try:
        assert ocr.read_texts(b"png") == readings
    finally:
        ocr._engine.cache_clear()
    assert asked == [b"png"]
