import pytest

from tests.unit.jobs.loops import no_blocking_calls, pytest_asyncio_loop_factories
from tests.unit.steps.drawer import use_parts

__all__ = ["no_blocking_calls", "pytest_asyncio_loop_factories"]


@pytest.fixture(autouse=True)
def parts_of_the_drawer(monkeypatch: pytest.MonkeyPatch) -> None:
    use_parts(monkeypatch)
