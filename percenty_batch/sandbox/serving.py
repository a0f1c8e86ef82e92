"""Run the sandbox: in a thread for tests and the demo, or in the foreground on a port."""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

import uvicorn

from percenty_batch.sandbox.accounts import SandboxAccount
from percenty_batch.sandbox.record import Change
from percenty_batch.sandbox.server import ChatWidget, make_app
from percenty_batch.sandbox.store import Store
from percenty_batch.sandbox.world import Product

_START_TIMEOUT_S = 15.0
_STOP_TIMEOUT_S = 10.0


class SandboxSite:
    """An imitation of Percenty on 127.0.0.1, served by a thread while the block is open.

    `latency_ms` is the mean time of an API call; the jitter on it comes from the seed. `port` 0
    takes a free one. `record` and `products` tell the truth that reports are compared with.
    """

    def __init__(
        self,
        *,
        accounts: Sequence[SandboxAccount],
        seed: int = 1,
        latency_ms: float = 20.0,
        port: int = 0,
        chat_widget: ChatWidget = "blocked_host",
    ) -> None:
        self._store = Store(seed=seed, accounts=accounts)
        self._port = port
        self._is_up = threading.Event()
        self._server = _server(self._store, latency_ms, chat_widget, self._is_up.set)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def record(self) -> tuple[Change, ...]:
        """Everything that happened so far, in order."""
        return tuple(self._store.record)

    @property
    def is_down(self) -> bool:
        """While it is true, every call of the API is answered with 500; settable at any time."""
        return self._store.is_down

    @is_down.setter
    def is_down(self, is_down: bool) -> None:
        self._store.is_down = is_down

    def products(self, account_id: str) -> tuple[Product, ...]:
        """Tell an account's products as they are now, newest first."""
        return self._store.products(account_id)

    def start(self) -> None:
        """Serve; returns when the site answers."""
        listener = _listen("127.0.0.1", self._port)
        self._port = listener.getsockname()[1]
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="sandbox"
        )
        self._thread.start()
        if not self._is_up.wait(_START_TIMEOUT_S):
            raise RuntimeError("the sandbox did not start")

    def stop(self) -> None:
        """Stop serving; unanswered calls are let go. Safe to call twice."""
        if self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_STOP_TIMEOUT_S)
        self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def serve(
    port: int,
    *,
    accounts: Sequence[SandboxAccount],
    host: str = "127.0.0.1",
    seed: int = 1,
    latency_ms: float = 120.0,
    chat_widget: ChatWidget = "blocked_host",
    on_ready: Callable[[str], None] = lambda _url: None,
) -> None:
    """Serve in the foreground until interrupted; `on_ready` gets the address.

    Raises OSError when the port cannot be had.
    """
    listener = _listen(host, port)
    url = f"http://{host}:{listener.getsockname()[1]}"
    store = Store(seed=seed, accounts=accounts)
    _server(store, latency_ms, chat_widget, lambda: on_ready(url)).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that says when it is up, and lets unanswered calls go when it stops."""

    def __init__(
        self, config: uvicorn.Config, stopping: asyncio.Event, on_up: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._stopping = stopping
        self._on_up = on_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_up()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping.set()
        await super().shutdown(sockets)


def _server(
    store: Store, latency_ms: float, chat_widget: ChatWidget, on_up: Callable[[], None]
) -> _Server:
    stopping = asyncio.Event()
    app = make_app(store, latency_ms=latency_ms, chat_widget=chat_widget, stopping=stopping)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=2,
    )
    return _Server(config, stopping, on_up)


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
