"""An account in our hands: what its jobs share, one after the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Session, SignInStore, StorageState
from percenty_batch.errors import WorkError
from percenty_batch.jobs.lease import AccountLease, leased
from percenty_batch.jobs.stop import Stop
from percenty_batch.jobs.tools import Tools
from percenty_batch.ledger import account_resource


class HeldSignIn:
    """One account's signed-in state, from session to session: in memory, and in the store.

    `store` is None where nothing is to be left on the disk.
    """

    def __init__(self, store: SignInStore | None, account_id: str) -> None:
        self._store = store
        self._account_id = account_id
        self._state: StorageState | None = None

    async def load(self, log: FilteringBoundLogger) -> StorageState | None:
        """Return what a new session is to begin with; None: nobody is signed in."""
        if self._state is None and self._store is not None:
            self._state = await self._store.load(self._account_id, log)
        return self._state

    async def keep(self, session: Session, log: FilteringBoundLogger, limit_s: float) -> None:
        """Take over the session's state; without it the next session signs in again, no more."""
        try:
            async with asyncio.timeout(limit_s):
                self._state = await session.storage_state()
        except (WorkError, TimeoutError) as error:
            reason = str(error) or "브라우저가 응답하지 않음"
            log.warning(f"로그인을 저장하지 못했습니다: {reason}")
            return
        if self._store is not None:
            await self._store.save(self._account_id, self._state, log)

    async def forget(self) -> None:
        """The site no longer knows the sign-in, or never liked it."""
        self._state = None
        if self._store is not None:
            await self._store.forget(self._account_id)


class AccountHold:
    """The lease on an account and its sign-in. Use `holding`, which gives the lease back."""

    def __init__(self, tools: Tools, account_id: str, stop: Stop, stack: AsyncExitStack) -> None:
        self.sign_in = HeldSignIn(tools.sign_ins, account_id)
        self._tools = tools
        self._resource = account_resource(account_id)
        self._stop = stop
        self._stack = stack
        self._lease: AccountLease | None = None

    async def lease(self) -> AccountLease:
        """Give the lease, taken at the first call and kept. Raises LeaseHeldError, LedgerError."""
        if self._lease is None:
            tools = self._tools
            change_s = tools.site.action_timeout_s
            self._lease = await self._stack.enter_async_context(
                leased(
                    *(tools.ledger, self._resource, tools.owner, tools.lease_s, self._stop),
                    change_s=change_s,
                )
            )
        return self._lease


@asynccontextmanager
async def holding(tools: Tools, account_id: str, stop: Stop) -> AsyncIterator[AccountHold]:
    """Hold the account from the first asked-for lease to the end of the block."""
    async with AsyncExitStack() as stack:
        yield AccountHold(tools, account_id, stop, stack)
