"""The logs of one run, as the manager opens them."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType, TracebackType
from typing import Literal, Self

import structlog
from structlog.processors import format_exc_info
from structlog.typing import FilteringBoundLogger, Processor

from percenty_batch.logs.files import AppendFiles
from percenty_batch.logs.folders import RunFolders
from percenty_batch.logs.gaps import GapBook
from percenty_batch.logs.guard import DiskGuard
from percenty_batch.logs.installation import RootHandler, ScopedLoggerFactory, restore_structlog
from percenty_batch.logs.lines import JsonLines, LineClock, TextLines
from percenty_batch.logs.masking import Secrets
from percenty_batch.logs.router import (
    Mirror,
    RoutedLogger,
    Router,
    ScopedLogger,
    current_route,
    render,
)
from percenty_batch.models import LogGap


class RunLogs:
    """Routes every line of a run to its account's log, its error log and the batch log.

    A context manager, to be entered once for each batch of the run. While it is open,
    `structlog.get_logger()` and the standard library's logging come here, too: inside
    `account_scope` to that account, elsewhere to the batch log. Its own loggers work before
    and after as well. `mirror` receives each line of the batch log, without its end, also one
    that the disk had no room for; it may fail. `min_free_mb`: the room of the log folder's disk
    below which `disk` begins to give things up.
    """

    def __init__(
        self,
        folders: RunFolders,
        secrets: Secrets,
        *,
        line_format: Literal["text", "json"] = "text",
        level: Literal["debug", "info", "warning", "error"] = "info",
        max_open_files: int = 64,
        min_free_mb: int = 0,
        mirror: Mirror | None = None,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        lines = (JsonLines if line_format == "json" else TextLines)(secrets, LineClock(now_ns))
        self._gaps = GapBook(now_ns)
        self._files = AppendFiles(max_open_files, self._gaps)
        self.disk = DiskGuard(folders.root, min_free_mb, self._gaps, self._warn)
        self._router = Router(folders, lines, self._files, self.disk, mirror)
        # One list for all loggers of the run: `structlog.testing.capture_logs` swaps its content.
        self._chain: list[Processor] = [format_exc_info, render]
        self._bound_logger = structlog.make_filtering_bound_logger(level)
        self._loggers: dict[str, FilteringBoundLogger] = {}
        self.batch = self._bound(RoutedLogger(self._router.batch))
        self._installed: tuple[ScopedLoggerFactory, RootHandler] | None = None

    @property
    def account_loggers(self) -> Mapping[str, FilteringBoundLogger]:
        """The registered accounts' loggers. They also work after the job and the run ended."""
        return MappingProxyType(self._loggers)

    @property
    def lost_lines(self) -> int:
        """Count the lines that could not be written, once for each file that lacks one."""
        return self._gaps.lost_lines

    @property
    def gaps(self) -> tuple[LogGap, ...]:
        """What is missing from the logs so far, in the order in which it began to be missing."""
        return self._gaps.gaps

    def account(self, account_id: str) -> FilteringBoundLogger:
        """Give the account's logger; at first, create both of its files, empty."""
        logger = self._loggers.get(account_id)
        if logger is None:
            route = self._router.register(account_id)
            logger = self._loggers[account_id] = self._bound(
                RoutedLogger(route), account=account_id
            )
        return logger

    @contextmanager
    def account_scope(self, account_id: str) -> Iterator[FilteringBoundLogger]:
        """Route this context's and its new tasks' lines from any logger to the account."""
        logger = self.account(account_id)
        token = current_route.set(self._router.register(account_id))
        try:
            yield logger
        finally:
            current_route.reset(token)

    def close_account(self, account_id: str) -> None:
        """Close the account's files; a later line opens them again."""
        self._router.release(account_id)

    def close(self) -> None:
        """Give back the global configuration and every descriptor."""
        if self._installed is not None:
            factory, handler = self._installed
            self._installed = None
            handler.uninstall()
            factory.is_closed = True
            restore_structlog()
        self._files.close()

    def __enter__(self) -> Self:
        if self._installed is not None:
            raise RuntimeError("the logs of this run are already open")
        self._files.open()
        self._router.create_batch_log()
        factory = ScopedLoggerFactory(self._router.batch)
        structlog.configure(
            processors=self._chain,
            wrapper_class=self._bound_logger,
            context_class=dict,
            logger_factory=factory,
            cache_logger_on_first_use=False,
        )
        log = self._bound(ScopedLogger(self._router.batch))
        handler = RootHandler(self._router, log, log.get_effective_level())
        handler.install()
        self._installed = factory, handler
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _warn(self, text: str) -> None:
        self.batch.warning(text)

    def _bound(self, logger: RoutedLogger, **context: str) -> FilteringBoundLogger:
        lazy = structlog.wrap_logger(
            logger,
            processors=self._chain,
            wrapper_class=self._bound_logger,
            context_class=dict,
        )
        bound: FilteringBoundLogger = lazy.bind(**context)
        return bound
