import pytest

from percenty_batch.browser.fleet import is_due
from percenty_batch.settings import BrowserSettings

SETTINGS = BrowserSettings(recycle_after_contexts=200, recycle_after_mb=4096)


@pytest.mark.parametrize(
    ("opened", "memory_mb", "expected"),
    [(0, 0.0, False), (199, 4096.0, False), (200, 0.0, True), (1, 4096.1, True)],
)
def test_a_browser_is_replaced_after_so_many_sessions_or_above_so_much_memory(
    opened: int, memory_mb: float, expected: bool
) -> None:
    assert is_due(SETTINGS, opened, memory_mb) is expected
