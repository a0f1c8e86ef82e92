"""The signed-in site of one sandbox account, driven by our page objects."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from playwright.async_api import Page
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Launcher
from percenty_batch.models import Account
from percenty_batch.percenty import PercentySite
from percenty_batch.sandbox import (
    Change,
    Faults,
    Product,
    SandboxAccount,
    SandboxSite,
    Stock,
    Translation,
)
from percenty_batch.settings import SiteSettings

ID = "a@example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Our side and the sandbox's."""

    site: PercentySite
    page: Page
    sandbox: SandboxSite

    def keys(self, group: str, code: str = "") -> list[str]:
        """The keys of a group's products, newest first."""
        return [p.key for p in self.products(group) if code in p.name]

    def products(self, group: str) -> list[Product]:
        return [product for product in self.sandbox.products(ID) if product.group == group]

    def changes(self, what: str) -> list[Change]:
        return [change for change in self.sandbox.record if change.what == what]

    def moves(self) -> list[tuple[str | None, object]]:
        return [(c.product, c.after) for c in self.sandbox.record if c.what == "group"]

    def translations(self) -> list[tuple[str | None, object]]:
        return [(c.product, c.after) for c in self.sandbox.record if c.what == "translation"]


LOG: FilteringBoundLogger = structlog.wrap_logger(None, processors=[LogCapture()])


@asynccontextmanager
async def opened(
    launcher: Launcher,
    *stock: Stock,
    faults: Faults | None = None,
    translation: Translation | None = None,
    timeout_s: float = 12.0,
) -> AsyncIterator[Opened]:
    account = SandboxAccount(
        id=ID,
        password="pw",
        shapes=(),
        grouped=0,
        popups=0,
        stock=stock,
        faults=faults or Faults(),
        translation=translation or Translation(),
    )
    with SandboxSite(accounts=[account], latency_ms=5) as sandbox:
        settings = SiteSettings.model_validate(
            {"base_url": sandbox.url, "action_timeout_s": timeout_s}
        )
        async with launcher.session(ID, LOG, action_timeout_s=timeout_s) as session:
            site = PercentySite(session, settings)
            await site.sign_in(Account(id=ID, password="pw"))
            yield Opened(site=site, page=session.page, sandbox=sandbox)
