"""What every page class of this room works with."""

from dataclasses import dataclass

from playwright.async_api import Page

from percenty_batch.percenty.traffic import Traffic
from percenty_batch.percenty.user_input import UserInput


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
