"""The dashboard on a port, until a signal ends it."""

import asyncio
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import dataclass

import uvicorn

from percenty_batch.dashboard.access import Access
from percenty_batch.dashboard.app import make_app
from percenty_batch.dashboard.commands import OwnCommand, Resumer
from percenty_batch.dashboard.guard import LOCAL_NAMES
from percenty_batch.dashboard.reading import Reader
from percenty_batch.dashboard.streams import Streams
from percenty_batch.errors import CannotRunError, os_reason
from percenty_batch.ledger import open_ledger
from percenty_batch.manager import stopping_on_signals
from percenty_batch.settings import Settings

_ALL_ADDRESSES = ("", "0.0.0.0", "::")  # noqa: S104 - told apart, not bound
_GRACE_S = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The dashboard answers at `url`. `token` was made now; None: the settings have it."""

    url: str
    token: str | None
    is_local: bool


def serve(
    settings: Settings, command: OwnCommand, on_ready: Callable[[Opened], None]
) -> int | None:
    """Serve until a signal, and return its number.

    Raises CannotRunError when the port or the ledger cannot be had.
    """
    host, port = settings.dashboard.host, settings.dashboard.port
    try:
        listener = _listen(host, port)
    except OSError as error:
        why = os_reason(error)
        raise CannotRunError(f"대시보드를 {host}:{port}에서 열 수 없습니다 ({why})") from error
    with listener:
        return asyncio.run(_serve(settings, command, listener, on_ready))


async def _serve(
    settings: Settings,
    command: OwnCommand,
    listener: socket.socket,
    on_ready: Callable[[Opened], None],
) -> int | None:
    own, host = settings.dashboard, settings.dashboard.host
    made = None if own.token else secrets.token_urlsafe(32)
    token = own.token.get_secret_value() if own.token else made or ""
    streams = Streams()
    async with AsyncExitStack() as stack:
        resumer = stack.enter_context(closing(Resumer(command)))
        ledger = await stack.enter_async_context(open_ledger(settings.ledger, settings.logs.folder))
        app = make_app(
            Reader(ledger, settings),
            settings,
            access=Access(token),
            command=command,
            resumer=resumer,
            streams=streams,
            hosts={host, *own.allowed_hosts} - set(_ALL_ADDRESSES),
        )
        shown = "127.0.0.1" if host in _ALL_ADDRESSES else host
        place = f"[{shown}]" if ":" in shown else shown
        opened = Opened(
            url=f"http://{place}:{listener.getsockname()[1]}/",
            token=made,
            is_local=host.lower() in LOCAL_NAMES,
        )
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,  # an address may hold what somebody searched for
            lifespan="off",
            ws="none",
            proxy_headers=False,  # who is limited by address must not choose it
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
        server = _Server(config, streams.stopping, lambda: on_ready(opened))
        await server.serve(sockets=[listener])
        return server.signal_number


class _Server(uvicorn.Server):
    """A server that says when it is up, ends its streams when it stops, and keeps the signal."""

    def __init__(
        self, config: uvicorn.Config, stopping: asyncio.Event, on_up: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self.signal_number: int | None = None
        self._stopping = stopping
        self._on_up = on_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_up()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping.set()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with stopping_on_signals(self._stop):
            yield

    def _stop(self, number: int) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True
        self.signal_number = self.signal_number or number


def _listen(host: str, port: int) -> socket.socket:
    """Bind to the first address that the name has. Raises OSError."""
    family, kind, _, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    return listener
