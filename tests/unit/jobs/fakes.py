"""Stand-ins for browser and sign-in, so that jobs run without either."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import structlog
from playwright.async_api import StorageState
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import CallWatcher, Launcher, Session, SignInStore
from percenty_batch.errors import WorkError
from percenty_batch.jobs import Tools
from percenty_batch.ledger import Ledger, MemoryLedger, Owner
from percenty_batch.models import Account, StopReason
from percenty_batch.percenty import PercentySite
from percenty_batch.settings import BrowserSettings, JobSettings, SiteSettings, StepSettings
from percenty_batch.steps import STEPS, StepContext, StepSpec
from tests.unit.jobs.ledgers import LEASE_S, OURS

NO_SPECIAL_LIMITS = JobSettings()
SIGNED_IN: StorageState = {"cookies": [], "origins": []}


class PageOfNoBrowser:
    """Its locators can be described, as pages' own do when they are made, and never used."""

    url = "https://www.percenty.co.kr/home"

    def get_by_role(self, *_: object, **__: object) -> Self:
        return self

    filter = locator = get_by_text = get_by_role

    @property
    def last(self) -> Self:
        return self

    first = last


class FakeSession(Session):
    """A session whose page is only an address."""

    page: Any
    watcher: CallWatcher
    given_state: StorageState | None
    is_isolated: bool

    def __init__(
        self, account_id: str, state: StorageState | None = None, *, is_isolated: bool = False
    ) -> None:
        values = {
            "account_id": account_id,
            "page": PageOfNoBrowser(),
            "given_state": state,
            "is_isolated": is_isolated,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def watch_calls(self, watcher: CallWatcher) -> None:
        object.__setattr__(self, "watcher", watcher)

    async def storage_state(self) -> StorageState:
        return SIGNED_IN


class FakeLauncher(Launcher):
    """Hands out fake sessions and remembers them; `problem` is raised instead of opening one."""

    def __init__(self) -> None:
        super().__init__(BrowserSettings(), structlog.get_logger())
        self.sessions: list[FakeSession] = []
        self.open_now = self.most_open = 0
        self.problem: Exception | None = None

    @asynccontextmanager
    async def session(
        self,
        account_id: str,
        log: FilteringBoundLogger,
        storage_state: StorageState | None = None,
        *,
        action_timeout_s: float = 20.0,
        is_isolated: bool = False,
    ) -> AsyncIterator[Session]:
        del log, action_timeout_s
        if self.problem is not None:
            raise self.problem
        self.sessions.append(FakeSession(account_id, storage_state, is_isolated=is_isolated))
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            yield self.sessions[-1]
        finally:
            await asyncio.sleep(0)  # closing takes its time, also when it was cancelled
            self.open_now -= 1


class KeptInMemory(SignInStore):
    """The twin of the real store that needs no files and no threads."""

    def __init__(self) -> None:
        self._states: dict[str, StorageState] = {}

    async def load(self, account_id: str, log: FilteringBoundLogger) -> StorageState | None:
        del log
        return self._states.get(account_id)

    async def save(self, account_id: str, state: StorageState, log: FilteringBoundLogger) -> None:
        del log
        self._states[account_id] = state

    async def forget(self, account_id: str) -> None:
        self._states.pop(account_id, None)


class FakeSignIn(PercentySite):
    """Takes every account, except those in `refusals`; a stored sign-in needs no form."""

    refusals: ClassVar[dict[str, WorkError]] = {}

    async def sign_in(self, account: Account) -> bool:
        if (refusal := self.refusals.get(account.id)) is not None:
            raise refusal
        session = self._session
        assert isinstance(session, FakeSession)
        return session.given_state is None


def step_of(run: Callable[[StepContext], Awaitable[StopReason]]) -> StepSpec:
    """Step 1 with other work."""
    return replace(STEPS["1"], run=run)


def tools(
    launcher: Launcher,
    *,
    sign_ins: SignInStore | None = None,
    limits: JobSettings = NO_SPECIAL_LIMITS,
    ledger: Ledger | None = None,
    owner: Owner = OURS,
    mask: Callable[[str], str] = str,
) -> Tools:
    return Tools(
        launcher=launcher,
        sign_ins=sign_ins,
        ledger=MemoryLedger() if ledger is None else ledger,
        owner=owner,
        lease_s=LEASE_S,
        site=SiteSettings(),
        limits=limits,
        rules=StepSettings(),
        mask=mask,
    )


@dataclass(slots=True)
class Recorded:
    """A logger and the lines that it was given."""

    capture: LogCapture = field(default_factory=LogCapture)

    @property
    def log(self) -> FilteringBoundLogger:
        wrapper = structlog.make_filtering_bound_logger("debug")
        lazy = structlog.wrap_logger(None, processors=[self.capture], wrapper_class=wrapper)
        log: FilteringBoundLogger = lazy.bind()
        return log

    def lines(self, *levels: str) -> list[str]:
        """The texts, of these levels only where some are given."""
        entries = self.capture.entries
        return [each["event"] for each in entries if not levels or each["log_level"] in levels]
