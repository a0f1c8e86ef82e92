"""From an event to the files of the account it belongs to.

Whose line it is, is asked of the wrapped logger, not of the context: Playwright's callbacks run
in the context variables of whoever started Playwright (playwright-python#1816).
"""

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from structlog.typing import EventDict, WrappedLogger

from percenty_batch.logs.files import AppendFiles
from percenty_batch.logs.folders import RunFolders
from percenty_batch.logs.guard import DiskGuard
from percenty_batch.logs.lines import LineFormat

Mirror = Callable[[str], None]

_ERROR_LEVELS = frozenset({"ERROR", "CRITICAL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The files of one account in one run, or of the lines that belong to no account."""

    router: "Router" = field(repr=False)
    account: str | None
    log_paths: tuple[str, ...]
    error_paths: tuple[str, ...]


current_route: ContextVar[Route | None] = ContextVar("percenty_batch_route", default=None)


class Router:
    """One run's routes, line format and files."""

    def __init__(
        self,
        folders: RunFolders,
        line_format: LineFormat,
        files: AppendFiles,
        disk: DiskGuard,
        mirror: Mirror | None,
    ) -> None:
        self._folders = folders
        self._line_format = line_format
        self._files = files
        self._disk = disk
        self._mirror = mirror
        batch_log = str(folders.batch_log)
        self.batch = Route(
            router=self, account=None, log_paths=(batch_log,), error_paths=(batch_log,)
        )
        self.accounts: dict[str, Route] = {}

    def create_batch_log(self) -> None:
        self._create(self.batch.log_paths)

    def register(self, account: str) -> Route:
        """Give the account's route; at first, create both of its files, empty."""
        route = self.accounts.get(account)
        if route is None:
            log = str(self._folders.account_log(account))
            errors = str(self._folders.error_log(account))
            batch_log = str(self._folders.batch_log)
            route = self.accounts[account] = Route(
                router=self,
                account=account,
                log_paths=(log, batch_log),
                error_paths=(log, errors, batch_log),
            )
            self._create((log, errors))
        return route

    def release(self, account: str) -> None:
        """Close the account's files until its next line."""
        route = self.accounts.get(account)
        if route is not None:
            self._files.release(route.error_paths[:-1])

    def line(self, route: Route, level: str, event: EventDict) -> str:
        return self._line_format(route.account, level, event)

    def write(self, line: str, route: Route, level: str) -> None:
        if self._disk.may_write(level):
            paths = route.error_paths if level in _ERROR_LEVELS else route.log_paths
            self._append(paths, f"{line}\n".encode())
        if self._mirror is not None:
            with suppress(Exception):  # a closed terminal must not end an account's work
                self._mirror(line)

    def _create(self, paths: tuple[str, ...]) -> None:
        self._append(paths, b"")
        self._files.release(paths)

    def _append(self, paths: tuple[str, ...], data: bytes) -> None:
        if not self._files.append(paths, data):
            self._disk.refused()


class RoutedLogger:
    """What stands under an account's bound logger: its own files, in whatever context."""

    __slots__ = ("_route",)

    def __init__(self, route: Route) -> None:
        self._route = route

    def route(self, event: EventDict) -> Route:  # noqa: ARG002 - the base of `ScopedLogger`
        return self._route

    def write(self, line: str, *, route: Route, level: str) -> None:
        route.router.write(line, route, level)

    debug = info = warning = error = critical = write


class ScopedLogger(RoutedLogger):
    """What stands under `structlog.get_logger()`, made anew whenever one is asked for.

    A line goes to the account that is bound by name, else to that of the scope where the logger
    was bound, else to that of the scope where it is used, else to no account.
    """

    __slots__ = ("_made_in",)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self._made_in = current_route.get()

    def route(self, event: EventDict) -> Route:
        scope = self._made_in or current_route.get() or self._route
        bound = event.get("account")
        named = scope.router.accounts.get(bound) if isinstance(bound, str) else None
        return named or scope


def render(logger: WrappedLogger, method: str, event: EventDict) -> tuple[tuple[str], Any]:
    """Make the line: the last processor of the chain."""
    route = logger.route(event)
    level = method.upper()
    return (route.router.line(route, level, event),), {"route": route, "level": level}
