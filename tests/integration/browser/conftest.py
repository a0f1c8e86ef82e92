import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import structlog
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Launcher
from percenty_batch.settings import BrowserSettings


class Pages:
    """A site of fixed pages: path to (status, body). Counts what was asked, as host and path.

    `/hang` does not answer, `/endless` never stops to, `/download` is no page but a file.
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, str]] = {"/": (200, "<title>home</title>")}
        self.asked: Counter[str] = Counter()
        self.release = threading.Event()  # of `/hang` and `/endless`, when it is set
        self.port = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
def pages() -> Iterator[Pages]:
    site = Pages()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            site.asked[f"{host}{self.path}"] += 1
            if self.path == "/hang":
                site.release.wait(60)
            if self.path == "/endless":
                self.send_endlessly()
                return
            status, body = site.answers.get(self.path, (404, ""))
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if self.path == "/download":
                self.send_header("Content-Disposition", "attachment; filename=list.html")
            self.end_headers()
            self.wfile.write(body.encode())

        def send_endlessly(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            with suppress(ConnectionError):
                while not site.release.wait(0.01):
                    self.wfile.write(b"<p>more</p>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, name="pages")
        thread.start()
        yield site
        site.release.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def capture() -> LogCapture:
    return LogCapture()


@pytest.fixture
def log(capture: LogCapture) -> FilteringBoundLogger:
    bound: FilteringBoundLogger = structlog.wrap_logger(
        None, processors=[capture], wrapper_class=structlog.make_filtering_bound_logger("debug")
    )
    return bound


@pytest.fixture
def settings() -> BrowserSettings:
    return BrowserSettings(blocked_hosts=("widget.localhost",))


@pytest.fixture
async def launcher(settings: BrowserSettings, log: FilteringBoundLogger) -> AsyncIterator[Launcher]:
    async with Launcher(settings, log) as running:
        yield running


@pytest.fixture
def system_temp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that is the system's temporary one, with a path as short as usual."""
    folder = Path(tempfile.mkdtemp(prefix="t"))
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)
