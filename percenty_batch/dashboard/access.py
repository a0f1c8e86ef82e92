"""Who may look: one token, sessions in memory, and a limit on guessing."""

import hmac
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic

SESSION_S = 12 * 3600.0
_MOST_SESSIONS = 100
_WINDOW_S = 60.0
_MOST_FAILURES, _MOST_FAILURES_OF_ALL = 5, 30
_MOST_CLIENTS = 1000


class TooManyError(Exception):
    """Too many wrong tokens within a minute: this one was not even looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody is signed in. `csrf` must come with whatever changes something."""

    csrf: str = field(repr=False)
    ends_at: float

    def allows(self, csrf: str) -> bool:
        return _is_same(csrf, self.csrf)


class Access:
    """Compares tokens in constant time. Of cookies only digests are kept. `clock` in seconds."""

    def __init__(self, token: str, clock: Callable[[], float] = monotonic) -> None:
        self._token = token
        self._clock = clock
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()
        self._failures = _Failures(clock)

    @property
    def refused_count(self) -> int:
        """How many wrong tokens were given so far."""
        return self._failures.count

    def is_token(self, given: str, client: str) -> bool:
        """Tell whether it is the token. Raises TooManyError after too many wrong ones."""
        if self._failures.are_too_many(client):
            raise TooManyError
        if _is_same(given, self._token):
            return True
        self._failures.add(client)
        return False

    def sign_in(self, given: str, client: str) -> str | None:
        """Give the cookie of a new session; None for a wrong token. Raises TooManyError."""
        if not self.is_token(given, client):
            return None
        cookie = secrets.token_urlsafe(32)
        session = Session(csrf=secrets.token_urlsafe(32), ends_at=self._clock() + SESSION_S)
        self._sessions[_digest(cookie)] = session
        while len(self._sessions) > _MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return cookie

    def session(self, cookie: str | None) -> Session | None:
        """Find the session of a cookie, unless it has ended."""
        if not cookie:
            return None
        key = _digest(cookie)
        session = self._sessions.get(key)
        if session is not None and session.ends_at <= self._clock():
            del self._sessions[key]
            return None
        return session

    def sign_out(self, cookie: str | None) -> None:
        self._sessions.pop(_digest(cookie or ""), None)


class _Failures:
    """Counts wrong tokens of the last minute: of each client, and of all."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._of_all: deque[float] = deque(maxlen=_MOST_FAILURES_OF_ALL)
        self._of_clients: OrderedDict[str, deque[float]] = OrderedDict()
        self.count = 0

    def add(self, client: str) -> None:
        now = self._clock()
        self.count += 1
        self._of_all.append(now)
        self._of_clients.setdefault(client, deque(maxlen=_MOST_FAILURES)).append(now)
        self._of_clients.move_to_end(client)
        while len(self._of_clients) > _MOST_CLIENTS:
            self._of_clients.popitem(last=False)

    def are_too_many(self, client: str) -> bool:
        of_client = self._of_clients.get(client, deque[float](maxlen=_MOST_FAILURES))
        return self._is_full(of_client) or self._is_full(self._of_all)

    def _is_full(self, times: deque[float]) -> bool:
        """The oldest of as many as are allowed was within the last minute."""
        return len(times) == times.maxlen and self._clock() - times[0] < _WINDOW_S


def _is_same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(_digest(given), _digest(wanted))


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()
