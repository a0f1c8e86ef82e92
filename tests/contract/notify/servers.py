"""A real mail server and a real HTTP receiver on loopback."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


@dataclass(slots=True, kw_only=True)
class MailServer:
    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"

    @property
    def url(self) -> str:
        to = "from=batch@example.com&to=ops@example.com&mode=insecure"
        return f"mailto://127.0.0.1:{self.port}?{to}"

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        content = cast("bytes", envelope.content)
        if self.answer.startswith("2"):
            mail = message_from_bytes(content, policy=policy.default)
            self.mails.append(mail)
        return self.answer


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Takes JSON posts. `status` is its answer; `hold` keeps it waiting until it is set."""

    port: int = 0
    posts: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    hold: threading.Event | None = None

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook-s3cret-token"

    @property
    def slow_url(self) -> str:
        """An address of which the library itself would wait for a long time."""
        return f"{self.url}?rto=120"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer(port=_free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@contextmanager
def receiver() -> Iterator[Receiver]:
    taken = Receiver()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(taken))
    httpd.daemon_threads = True
    taken.port = httpd.server_address[1]
    thread = threading.Thread(target=httpd.serve_forever, name="receiver", daemon=True)
    thread.start()
    try:
        yield taken
    finally:
        if taken.hold is not None:
            taken.hold.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def _handler(taken: Receiver) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.posts.append(json.loads(body))
            if taken.hold is not None:
                taken.hold.wait()
            try:
                self.send_response(taken.status)
                self.end_headers()
            except OSError:
                return  # whoever posted was killed meanwhile

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
