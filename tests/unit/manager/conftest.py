import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import BrowserChoice
from percenty_batch.errors import CannotRunError, WorkError
from percenty_batch.jobs import attempt as attempt_module
from percenty_batch.manager import BatchManager, batch_manager
from percenty_batch.models import Account, ItemOutcome, ItemResult, StopReason
from percenty_batch.settings import Settings
from percenty_batch.steps import STEPS, StepContext
from tests.unit.jobs.builders import product_key
from tests.unit.jobs.fakes import FakeLauncher, FakeSignIn, step_of
from tests.unit.jobs.loops import no_blocking_calls

__all__ = ["no_blocking_calls"]

ONE, TWO = USERS = ("user1@example.com", "user2@example.com")


async def finish_all(ctx: StepContext) -> StopReason:
    while ctx.book.remaining:
        key = product_key(len(ctx.book.items))
        ctx.book.record(ItemResult(key=key, outcome=ItemOutcome.DONE, moved_to="신규수집"))
    return StopReason.QUANTITY_REACHED


class LauncherOfNoBrowser(FakeLauncher):
    """Opens as the real one does; `on_open` is called while it does."""

    def __init__(self, house: "House", log: FilteringBoundLogger) -> None:
        super().__init__()
        self._house = house
        log.debug("made")

    async def __aenter__(self) -> Self:
        self._house.launchers.append(self)
        self._house.on_open()
        for _ in range(3):
            await asyncio.sleep(0)  # a real browser takes its time
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.open_now == 0

    @property
    def choice(self) -> BrowserChoice:
        return BrowserChoice(name="chromium", path=Path("/usr/bin/chromium"))

    @property
    def version(self) -> str:
        return "1.2.3"

    async def check_site(self, base_url: str, timeout_s: float) -> None:
        del base_url, timeout_s
        if self._house.site_problem is not None:
            raise self._house.site_problem


@dataclass(slots=True, kw_only=True)
class House:
    """A manager's surroundings: its folder, the fake browser, and the work that step 1 does."""

    folder: Path
    refusals: dict[str, WorkError]
    work: Callable[[StepContext], Awaitable[StopReason]] = finish_all
    on_open: Callable[[], object] = lambda: None
    site_problem: CannotRunError | None = None
    launchers: list[LauncherOfNoBrowser] = field(default_factory=list)

    def settings(self, **jobs: float) -> Settings:
        return Settings.model_validate(
            {
                "logs": {"folder": self.folder / "logs"},
                "state": {"should_keep_sign_ins": False},
                "jobs": {"concurrency": 2, "max_attempts": 1, **jobs},
            }
        )

    def manager(self, **jobs: float) -> BatchManager:
        accounts = [Account(id=each, password="s3cret-canary") for each in USERS]
        return BatchManager(settings=self.settings(**jobs), accounts=accounts)

    @property
    def files(self) -> list[str]:
        """What the run has left, without its stamp's folders' names."""
        root = self.folder / "logs"
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    built = House(folder=tmp_path, refusals={})

    async def work(ctx: StepContext) -> StopReason:
        return await built.work(ctx)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        batch_manager, "Launcher", lambda _settings, log: LauncherOfNoBrowser(built, log)
    )
    monkeypatch.setattr(FakeSignIn, "refusals", built.refusals)
    monkeypatch.setattr(attempt_module, "PercentySite", FakeSignIn)
    monkeypatch.setitem(STEPS, "1", step_of(work))
    return built
