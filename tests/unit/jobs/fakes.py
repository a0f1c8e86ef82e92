"""Stand-ins for browser and sign-in, so that jobs run without either."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, Self

from playwright.async_api import StorageState
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import CallWatcher, Launcher, Session
from percenty_batch.errors import WorkError
from percenty_batch.models import Account
from percenty_batch.percenty import PercentySite
from percenty_batch.settings import BrowserSettings, SiteSettings

SIGNED_IN: StorageState = {"cookies": [], "origins": []}


class FakeSession(Session):
    """A session whose page is only an address."""

    page: Any
    watcher: CallWatcher

    def __init__(self, account_id: str, state: StorageState | None = None) -> None:
        page = SimpleNamespace(url="https://www.percenty.co.kr/home")
        for name, value in {"account_id": account_id, "page": page, "given_state": state}.items():
            object.__setattr__(self, name, value)

    def watch_calls(self, watcher: CallWatcher) -> None:
        object.__setattr__(self, "watcher", watcher)

    async def storage_state(self) -> StorageState:
        return SIGNED_IN
