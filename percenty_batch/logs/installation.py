"""structlog's and logging's process-wide settings, taken while a run's logs are open.

Runs may overlap and end in any order. What to restore is kept in what is installed, so nothing
of ours outlives the last run.
"""

import logging
from collections.abc import Callable

import structlog
from structlog.typing import FilteringBoundLogger

from percenty_batch.logs.router import Route, Router, ScopedLogger, current_route

Wrap = Callable[[ScopedLogger], FilteringBoundLogger]


class ScopedLoggerFactory:
    """Makes the loggers of `structlog.get_logger()`; remembers what was configured before."""

    def __init__(self, batch: Route) -> None:
        self._batch = batch
        self.is_closed = False
        self.previous = structlog.get_config() if structlog.is_configured() else None

    def __call__(self, *_: object) -> ScopedLogger:
        return ScopedLogger(self._batch)


def restore_structlog() -> None:
    """Unwind the configurations of all runs that are closed, from the latest down."""
    while True:
        factory = structlog.get_config()["logger_factory"]
        if not (isinstance(factory, ScopedLoggerFactory) and factory.is_closed):
            return
        if factory.previous is None:
            structlog.reset_defaults()
        else:
            structlog.configure(**factory.previous)


class RootHandler(logging.Handler):
    """Brings records of the standard library's logging to the run in whose scope they arise.

    Records outside every scope go to the run that was opened last.
    """

    def __init__(self, router: Router, log: FilteringBoundLogger, level: int) -> None:
        super().__init__(level)
        self._router = router
        self._log = log
        self.level_before = logging.getLogger().level

    def install(self) -> None:
        root = logging.getLogger()
        if others := _root_handlers():
            self.level_before = others[0].level_before
        root.addHandler(self)
        root.setLevel(min(root.level, self.level))

    def uninstall(self) -> None:
        root = logging.getLogger()
        root.removeHandler(self)
        others = _root_handlers()
        root.setLevel(min([self.level_before, *(handler.level for handler in others)]))

    def emit(self, record: logging.LogRecord) -> None:
        if self._is_owner():
            level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)
            has_error = record.exc_info is not None and record.exc_info[0] is not None
            exc_info = record.exc_info if has_error else None
            self._log.log(level, _message(record), logger=record.name, exc_info=exc_info)

    def _is_owner(self) -> bool:
        route = current_route.get()
        if route is not None:
            return route.router is self._router
        return _root_handlers()[-1:] == [self]


def _root_handlers() -> list[RootHandler]:
    return [handler for handler in logging.getLogger().handlers if isinstance(handler, RootHandler)]


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - wrong arguments of a foreign call must not end our work
        return str(record.msg)
