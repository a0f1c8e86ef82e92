"""What the page asks the site: requests under way, failed answers, the end of the sign-in."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

_CALLS = frozenset({"fetch", "xhr"})
_ABORTED = "ERR_ABORTED"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_UPLOADS = frozenset({"POST", "PUT"})
_REPEATS = 2  # of one question while nobody acts; any further one is the page's own heartbeat


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    path: str
    is_change: bool
    is_heartbeat: bool
    is_ours: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCall:
    """A call that was answered by 400 or above, or (status 0) not at all.

    `has_worked`: a look at the same was answered well before, so that it is no part of the site
    that never works for this account.
    """

    method: str
    path: str
    status: int
    has_worked: bool = False

    @property
    def is_change(self) -> bool:
        return self.method not in _READS

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status or '응답 없음'}"


class Traffic:
    """Counts the site's own calls; other hosts (chat, analytics) are not looked at but for uploads.

    Fed by the session's guarded handlers with plain values, so that it needs no browser in tests.
    """

    def __init__(self, site_host: str) -> None:
        self._domain = site_host.removeprefix("www.")
        self._under_way: dict[object, _Call] = {}
        self._waits = 0  # for a silence, now
        self._uploading = 0  # how many wait for uploads to other hosts, now
        self._asked: Counter[str] = Counter()  # reading calls by path, during those waits
        self._idle = asyncio.Event()
        self._idle.set()
        self._busy = asyncio.Event()
        self._saved = asyncio.Event()
        self._saved.set()
        self._began = asyncio.Event()
        self.calls_begun = 0
        self.changes_begun = 0
        self.changes_taken = 0  # answers below 400 to changes
        self._failed: list[FailedCall] = []
        self._seen: set[str] = set()  # paths of looks that were answered well
        self._unseen: set[str] = set()  # and of those whose last answer was a failure
        self._news = asyncio.Event()
        self.refused_with: int | None = None  # the last 4xx to a change before we were signed in
        self.is_signed_in = False
        self.signed_out = asyncio.Event()

    def started(self, call: object, *, method: str, url: str, kind: str) -> None:
        if kind not in _CALLS:
            return
        path = urlsplit(url).path
        if self._is_ours(url):
            self._under_way[call] = self._known(path, is_change=method not in _READS)
        elif self._uploading and method in _UPLOADS:
            self._under_way[call] = _Call(
                path=path, is_change=True, is_heartbeat=False, is_ours=False
            )
        else:
            return
        self.calls_begun += 1
        self.changes_begun += method not in _READS
        self._began.set()
        self._began = asyncio.Event()
        self._update()

    def answered(self, call: object, *, method: str, url: str, status: int) -> None:
        known = self._under_way.get(call)
        if known is None:
            return
        if not known.is_ours:
            if status >= 400:
                self._upload_failed(method, url, status)
            return
        if status >= 400:  # what is asked again then is tried again
            del self._asked[known.path]
        if status == 401 and self.is_signed_in:
            self.signed_out.set()
        elif status >= 500 or (status >= 400 and self.is_signed_in):
            self._fail(method, url, status)
        elif status >= 400 and method not in _READS:
            self.refused_with = status
        elif method not in _READS:
            self.changes_taken += 1
        else:
            self._seen.add(known.path)
            self._unseen.discard(known.path)

    def ended(self, call: object) -> None:
        if self._under_way.pop(call, None) is not None:
            self._update()

    def lost(self, call: object, *, method: str, url: str, reason: str) -> None:
        """The call ended without an answer; one that the page itself gave up is no failure."""
        known = self._under_way.get(call)
        if known and self.is_signed_in and _ABORTED not in reason:
            (self._fail if known.is_ours else self._upload_failed)(method, url, 0)
        self.ended(call)

    def excuse(self, mark: int) -> None:
        """Take back the refusals (4xx) since `mark`: they were expected and are dealt with."""
        later = [call for call in self._failed[mark:] if not 400 <= call.status < 500]
        self._failed[mark:] = later

    def forget(self) -> None:
        """The page is being left: what it still waited for may never be told to have ended."""
        self._under_way.clear()
        self._update()

    @property
    def is_waiting(self) -> bool:
        """True while the site owes an answer."""
        return bool(self._under_way)

    def mark(self) -> int:
        return len(self._failed)

    def failed_since(self, mark: int) -> list[FailedCall]:
        return self._failed[mark:]

    def failed_looks(self, mark: int) -> list[FailedCall]:
        """The reading calls that failed since `mark` and were not answered well after that."""
        failed = self.failed_since(mark)
        return [call for call in failed if not call.is_change and call.path in self._unseen]

    async def failed_after(self, mark: int) -> FailedCall:
        """Wait for a failed call that comes after `mark`."""
        while len(self._failed) <= mark:
            await self._news.wait()
        return self._failed[mark]

    async def saved(self, timeout_s: float) -> None:
        """Wait until no change is under way; raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            await self._saved.wait()

    async def idle(self, quiet_s: float, timeout_s: float) -> None:
        """Wait until nothing was under way for `quiet_s`; raises TimeoutError.

        What the page asks again and again meanwhile, though nobody acts, is not waited for.
        """
        with self._waiting():
            async with asyncio.timeout(timeout_s):
                await self._silence(quiet_s)

    async def _silence(self, quiet_s: float) -> None:
        while True:
            await self._idle.wait()
            try:
                async with asyncio.timeout(quiet_s):
                    await self._busy.wait()
            except TimeoutError:
                return

    async def settled(
        self, calls_begun: int, *, patience_s: float, quiet_s: float, timeout_s: float
    ) -> None:
        """Wait until the calls after the first `calls_begun` were answered, and `quiet_s` more.

        When none begins within `patience_s` the site has nothing to ask. Raises TimeoutError.
        """
        await self.asked(calls_begun, patience_s)
        await self.idle(quiet_s, timeout_s)

    async def asked(self, calls_begun: int, patience_s: float) -> None:
        """Wait until a call after the first `calls_begun` begins, at most for `patience_s`."""
        await self._begun(lambda: self.calls_begun > calls_begun, patience_s)

    async def changing(self, changes_begun: int, patience_s: float) -> None:
        """The same for a change: what the page only looks at meanwhile is none."""
        await self._begun(lambda: self.changes_begun > changes_begun, patience_s)

    async def _begun(self, is_so: Callable[[], bool], patience_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while not is_so():
                    await self._began.wait()

    @contextmanager
    def uploads(self) -> Iterator[None]:
        """Count what the page sends to other hosts meanwhile as changes that are under way.

        One that is refused is a failure, but none is a change that the site has taken.
        """
        self._uploading += 1
        try:
            yield
        finally:
            self._uploading -= 1

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        if not self._waits:
            self._asked.clear()
        self._waits += 1
        try:
            yield
        finally:
            self._waits -= 1

    def _known(self, path: str, *, is_change: bool) -> _Call:
        """A heartbeat is asked one after the other; what is asked side by side are parts."""
        is_alone = all(each.path != path for each in self._under_way.values())
        is_repeatable = bool(self._waits) and is_alone and not is_change
        if is_repeatable:
            self._asked[path] += 1
        is_heartbeat = is_repeatable and self._asked[path] > _REPEATS
        return _Call(path=path, is_change=is_change, is_heartbeat=is_heartbeat)

    def _fail(self, method: str, url: str, status: int) -> None:
        path = urlsplit(url).path
        call = FailedCall(method=method, path=path, status=status, has_worked=path in self._seen)
        self._failed.append(call)
        if not call.is_change:
            self._unseen.add(call.path)
        self._news.set()
        self._news = asyncio.Event()

    def _upload_failed(self, method: str, url: str, status: int) -> None:
        """A file is put to a storage; what is posted may be for analytics, which may be blocked."""
        if method == "PUT":
            self._fail(method, url, status)

    def _is_ours(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        return host == self._domain or host.endswith(f".{self._domain}")

    def _update(self) -> None:
        calls = self._under_way.values()
        is_idle = all(each.is_heartbeat for each in calls)
        _set_to(self._idle, is_idle)
        _set_to(self._busy, not is_idle)
        _set_to(self._saved, not any(each.is_change for each in calls))


def _set_to(event: asyncio.Event, is_set: bool) -> None:
    if is_set:
        event.set()
    else:
        event.clear()
