from collections.abc import AsyncIterator

import pytest_asyncio

from percenty_batch.browser import Launcher
from percenty_batch.settings import BrowserSettings
from tests.integration.percenty.lists import LOG
from tests.integration.sandbox.conftest import browser

__all__ = ["browser", "launcher"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def launcher() -> AsyncIterator[Launcher]:
    """One browser for all tests of a module."""
    async with Launcher(BrowserSettings(), LOG) as launcher:
        yield launcher
