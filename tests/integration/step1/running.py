"""Run batches of step 1 on the sandbox, and hold what they left beside the truth about it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
import pytest

from percenty_batch import Account, BatchManager, BatchResult, JobResult, Settings
from percenty_batch.accounts import AccountInputs
from percenty_batch.browser import Launcher
from percenty_batch.manager import round_work
from percenty_batch.sandbox import Change, Product, SandboxAccount, SandboxSite
from percenty_batch.settings import JobSettings, LogSettings, SiteSettings, StateSettings

LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - [A-Z]+ - (\[[^\]]+\] )?\S.*")


def settings_for(url: str, folder: Path, **jobs: float) -> Settings:
    """Short patience: the sites of these tests answer within milliseconds, or never."""
    limits = {"concurrency": 6, "max_attempts": 2, "stale_list_timeout_s": 5.0, **jobs}
    return Settings(
        logs=LogSettings(folder=folder / "logs", level="debug"),
        state=StateSettings(folder=folder / "state"),
        site=SiteSettings.model_validate(
            {"base_url": url, "action_timeout_s": 12, "sign_in_timeout_s": 12}
        ),
        jobs=JobSettings.model_validate(limits),
    )


def logins(accounts: Sequence[SandboxAccount]) -> list[Account]:
    return [Account(id=each.id, password=each.password) for each in accounts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Batches that have ended. `before` and `after` are the site's products, by account."""

    results: tuple[BatchResult, ...]
    stamp: str
    folder: Path
    record: tuple[Change, ...]
    before: dict[str, tuple[Product, ...]]
    after: dict[str, tuple[Product, ...]]
    open_contexts: list[int] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)

    def job(self, account: str, batch: int = -1) -> JobResult:
        return next(job for job in self.results[batch].jobs if job.account == account)

    def report(self, batch: int = -1) -> dict[str, Any]:
        name = f"batch_report_{self.results[batch].job_id}.json"
        text = (self.folder / "logs/reports" / self.stamp / name).read_text(encoding="utf-8")
        document: dict[str, Any] = json.loads(text)
        return document

    def lines(self, account: str) -> list[str]:
        return _lines(self.folder / "logs/accounts" / self.stamp / f"{account}.log")

    def error_lines(self, account: str) -> list[str]:
        return _lines(self.folder / "logs/errors" / self.stamp / f"{account}_errors.log")

    def batch_lines(self) -> list[str]:
        return _lines(self.folder / "logs" / f"batch_processor_{self.stamp}.log")

    def changes(self, account: str, what: str, product: str | None = None) -> list[Change]:
        return [
            change
            for change in self.record
            if (change.account, change.what) == (account, what)
            and product in (None, change.product)
        ]

    def product(self, account: str, key: str) -> Product:
        return next(product for product in self.after[account] if product.key == key)


def run_batches(
    site: SandboxSite,
    accounts: Sequence[SandboxAccount],
    folder: Path,
    batches: Callable[[BatchManager], object],
    **jobs: float,
) -> Run:
    """Let `batches` use a manager; `site` serves `accounts` and their passwords are right."""
    return run_with(site, accounts, settings_for(site.url, folder, **jobs), folder, batches)


def run_with(
    site: SandboxSite,
    accounts: Sequence[SandboxAccount],
    settings: Settings,
    folder: Path,
    batches: Callable[[BatchManager], object],
    given: Sequence[Account] | None = None,
    inputs: Mapping[str, AccountInputs] | None = None,
) -> Run:
    before = {each.id: site.products(each.id) for each in accounts}
    known = {process.pid for process in psutil.Process().children(recursive=True)}
    with counting_contexts() as open_contexts:
        manager = BatchManager(
            settings=settings, accounts=given or logins(accounts), inputs=inputs or {}
        )
        batches(manager)
    left = [
        process.name()
        for process in psutil.Process().children(recursive=True)
        if process.pid not in known and process.name() != "postgres"  # of the ledger's tests
    ]
    return Run(
        results=manager.results,
        stamp=manager.start_time,
        folder=folder,
        record=site.record,
        before=before,
        after={each.id: site.products(each.id) for each in accounts},
        open_contexts=open_contexts,
        orphans=left,
    )


@contextmanager
def counting_contexts() -> Iterator[list[int]]:
    """Count the browser's contexts each time that a batch is about to close it."""
    counts: list[int] = []

    class CountingLauncher(Launcher):
        async def __aexit__(
            self,
            kind: type[BaseException] | None,
            error: BaseException | None,
            traceback: TracebackType | None,
        ) -> None:
            counts.append(await self.open_contexts())
            await super().__aexit__(kind, error, traceback)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(round_work, "Launcher", CountingLauncher)
        yield counts


def _lines(path: Path) -> list[str]:
    """Split at `\\n` alone, as `grep` does; the file ends with one."""
    text = path.read_text(encoding="utf-8")
    assert text == "" or text.endswith("\n")
    return text.split("\n")[:-1]
