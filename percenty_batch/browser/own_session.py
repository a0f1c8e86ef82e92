"""Playwright's driver in a session of its own, where no signal to our process group reaches it.

A SIGTERM or SIGHUP to the group, as systemd, `timeout` and a closed terminal send it, would take
the browser away before our own clean-up. The driver stays our child, and ends when its standard
input closes, so that it does not outlive us either.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import playwright
from playwright.async_api import Playwright, async_playwright
from structlog.typing import FilteringBoundLogger

_SETSID = "setsid"
_TEMP_VARIABLES = ("TMPDIR", "TEMP", "TMP")  # Node.js reads the last two on Windows
_WRAPPER = Path(__file__).with_name("own_session.sh")  # a file: /tmp may be mounted noexec
_PACKAGE = Path(playwright.__file__).parent
_BUNDLED_NODE = _PACKAGE / "driver" / "node"


async def start_playwright(log: FilteringBoundLogger, temp: Path) -> Playwright:
    """Start the driver, on systems that have `setsid` in its own session.

    It and its browser keep their temporary files in `temp`. One start at a time: Playwright is
    told of another Node.js only by the environment, which is the whole process's. Raises what
    Playwright raises.
    """
    wrapping = await asyncio.to_thread(_wrapping)
    if wrapping:
        changes = wrapping | {"PLAYWRIGHT_DRIVER_TMPDIR": str(temp)}
    else:
        log.debug("Playwright 드라이버를 자체 세션 없이 시작합니다")
        changes = dict.fromkeys(_TEMP_VARIABLES, str(temp))
    with _environ(changes):
        return await async_playwright().start()


def is_playwrights(task: asyncio.Task[Any]) -> bool:
    """Whether a task runs Playwright's own code."""
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and Path(code.co_filename).is_relative_to(_PACKAGE)


def _wrapping() -> dict[str, str]:
    """Return the variables that put the wrapper before Node.js; none where it cannot work."""
    given = os.environ.get("PLAYWRIGHT_NODEJS_PATH")
    # A process that was started while its parent started a driver has inherited our own wrapper.
    is_ours = given in (None, "", str(_WRAPPER))
    node = shutil.which(str(_BUNDLED_NODE) if is_ours else str(given))
    if node and shutil.which(_SETSID) and os.access(_WRAPPER, os.X_OK):
        return {"PLAYWRIGHT_DRIVER_NODE": node, "PLAYWRIGHT_NODEJS_PATH": str(_WRAPPER)}
    return {}


@contextmanager
def _environ(changes: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
