"""The site in a thread, for tests and for looking at it."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn

from tests.antd_site.app import build_app
from tests.antd_site.options import Options, SiteAccount
from tests.antd_site.store import Store
from tests.antd_site.world import Change, Product


class AntdSite:
    """Serve the site on 127.0.0.1 while the block runs. `port` 0 means any free one."""

    def __init__(
        self,
        *,
        libs: Path,
        accounts: Sequence[SiteAccount],
        options: Options | None = None,
        seed: int = 1,
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.options = chosen = options or Options()
        self._stores = {a.email: Store(a, chosen, seed, clock) for a in accounts}
        app = build_app(libs, self._stores, chosen)
        self._socket = socket.create_server(("127.0.0.1", port))
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="antd-site", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def record(self) -> list[Change]:
        """Every change of every account; in order within an account."""
        return [change for store in self._stores.values() for change in store.record]

    def products(self, account: str) -> list[Product]:
        """Return copies of an account's products as they are now."""
        return deepcopy(list(self._stores[account].products.values()))

    def sign_in_count(self, account: str) -> int:
        return self._stores[account].sign_in_count

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()

    def wait(self) -> None:
        """Serve until interrupted."""
        self._thread.join()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])
