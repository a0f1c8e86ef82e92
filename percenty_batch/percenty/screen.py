"""What every page class of this room works with."""

from dataclasses import dataclass

from playwright.async_api import Page

from percenty_batch.percenty.traffic import Traffic
from percenty_batch.percenty.user_input import UserInput

_PATIENCE_S = 1.0  # a page asks at once, a busy one a little later; or it has no need to
_QUIET_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One account's page: `page` is for looking, `user` for acting, `traffic` for waiting.

    `timeout_s` limits each wait for the site.
    """

    page: Page
    traffic: Traffic
    user: UserInput
    timeout_s: float

    async def idle(self, silence_s: float) -> None:
        """Wait until the site was silent for `silence_s`; raises TimeoutError."""
        await self.traffic.idle(silence_s, self.timeout_s)

    async def saved(self) -> None:
        """Wait until no change is under way; raises TimeoutError."""
        await self.traffic.saved(self.timeout_s)

    async def taken(self, changes_begun: int) -> None:
        """Wait until the change that the page was made to ask for is answered; raises TimeoutError.

        `changes_begun`: how many there were before; other calls are not waited for.
        """
        await self.traffic.changing(changes_begun, _PATIENCE_S)
        await self.saved()

    async def settled(self, calls_begun: int) -> None:
        """Wait until what the page asked since then was answered; raises TimeoutError.

        `calls_begun`: how many calls there were before it was made to ask.
        """
        await self.traffic.settled(
            calls_begun, patience_s=_PATIENCE_S, quiet_s=_QUIET_S, timeout_s=self.timeout_s
        )
