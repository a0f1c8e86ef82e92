"""What rounds and dry runs open in the same way."""

import asyncio

from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Launcher, SignInStore, suggested_concurrency
from percenty_batch.errors import CannotRunError, WorkError
from percenty_batch.settings import Settings


async def reach_site(launcher: Launcher, settings: Settings, log: FilteringBoundLogger) -> None:
    """Tell which browser runs, and try the site from it. Raises CannotRunError."""
    log.info(f"브라우저: {launcher.choice.name} {launcher.version}")
    try:
        await launcher.check_site(str(settings.site.base_url), settings.site.sign_in_timeout_s)
    except WorkError as error:  # the browser died, or was given up meanwhile
        raise CannotRunError(str(error)) from error


async def room_for(settings: Settings, log: FilteringBoundLogger) -> int:
    """Tell how many accounts may be open at once."""
    if (wanted := settings.jobs.concurrency) is not None:
        return wanted
    capacity = await asyncio.to_thread(suggested_concurrency)
    log.info(str(capacity))
    return capacity.count


def sign_in_store(settings: Settings) -> SignInStore | None:
    """Give the store of signed-in states; None where none are to be left on the disk."""
    if not settings.state.should_keep_sign_ins:
        return None
    return SignInStore(settings.state.folder, str(settings.site.base_url))
