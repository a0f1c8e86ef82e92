import pytest

from percenty_batch.steps import initial_edit
from tests.unit.jobs.loops import no_blocking_calls, pytest_asyncio_loop_factories
from tests.unit.steps.drawer import PARTS

__all__ = ["no_blocking_calls", "pytest_asyncio_loop_factories"]


@pytest.fixture(autouse=True)
def parts_of_the_drawer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, part in PARTS.items():
        monkeypatch.setattr(initial_edit, name, part)
