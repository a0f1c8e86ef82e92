"""What follows a failed attempt: a pure decision from the error and what went before it."""

from dataclasses import dataclass
from typing import TypeAlias

from percenty_batch.errors import FailureKind, GaveUpError, LedgerError, SignInError, WorkError
from percenty_batch.models import Failure
from percenty_batch.settings import JobSettings

SIGN_IN_REFUSED = frozenset(
    {
        FailureKind.WRONG_PASSWORD,
        FailureKind.LOCKED,
        FailureKind.CAPTCHA,
        FailureKind.BLOCKED,
        FailureKind.WRONG_ACCOUNT,
    }
)
"""Trying these again could lock a customer's account, or touch what is not ours."""

_ENDS_ACCOUNT = SIGN_IN_REFUSED | {FailureKind.IN_USE}
_NEVER = _ENDS_ACCOUNT | {FailureKind.DATA}
_SIGN_IN_AGAIN = frozenset(
    {FailureKind.SITE_ERROR, FailureKind.TIMEOUT, FailureKind.BROWSER_CRASHED}
)
_DEATHS_IN_COMPANY = 2  # then nobody can tell any longer whose work kills the shared browser
_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0

Trouble: TypeAlias = WorkError | LedgerError
"""What ends an attempt. A ledger that refuses is a passing trouble: an attempt begins with a
write to it, so that without it nothing on the site is touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the failed attempts of one job have come to."""

    fruitless: int = 0
    browser_deaths: int = 0

    @property
    def is_isolated(self) -> bool:
        """Whether the account works in a browser of its own from now on."""
        return self.browser_deaths >= _DEATHS_IN_COMPANY

    def after(self, error: Trouble, *, progressed: bool) -> "History":
        """Count one more failed attempt; `progressed` when it finished at least one item.

        A browser's death is not the account's fault, hence not a fruitless attempt. Progress
        makes up for fruitless attempts, never for deaths.
        """
        is_death = _kind(error) is FailureKind.BROWSER_CRASHED
        return History(
            fruitless=0 if progressed else self.fruitless + (not is_death),
            browser_deaths=self.browser_deaths + is_death,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Try again after `pause_s`, with a new session; `is_isolated`: in a browser of its own."""

    pause_s: float
    is_isolated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """The job ends with this failure. `ends_account`: so do the account's later steps."""

    failure: Failure
    ends_account: bool = False


Decision: TypeAlias = Retry | GiveUp


def decide(error: Trouble, history: History, limits: JobSettings, *, chance: float) -> Decision:
    """Decide what follows `error`, which `history` has already counted.

    `chance` is a random number from 0 to 1: accounts that failed together do not return together.
    A death in a browser of the account's own is always the last.
    """
    kind, message = _kind(error), str(error)
    is_death = kind is FailureKind.BROWSER_CRASHED
    if is_death and history.browser_deaths >= limits.max_browser_deaths:
        parked = Failure(kind=kind, message=f"{_parked(history)}: {message}")
        return GiveUp(failure=parked, ends_account=True)
    if _is_final(error) or history.fruitless >= limits.max_attempts:
        failure = Failure(kind=kind, message=message)
        return GiveUp(failure=failure, ends_account=ends_account(error))
    return Retry(pause_s=pause_s(history.fruitless, chance), is_isolated=history.is_isolated)


def ends_account(error: Trouble) -> bool:
    """Tell whether the account's later steps would only sign in again where we must not."""
    return _kind(error) in _ENDS_ACCOUNT or _may_be_a_refusal(error)


def pause_s(fruitless: int, chance: float) -> float:
    """Tell how long to leave the site alone: doubling up to a limit, at least half of it."""
    doublings = min(max(fruitless - 1, 0), 10)
    whole_s = min(_FIRST_PAUSE_S * 2.0**doublings, _LONGEST_PAUSE_S)
    return whole_s * (1 + chance) / 2


def _kind(error: Trouble) -> FailureKind:
    return error.kind if isinstance(error, WorkError) else FailureKind.UNKNOWN


def _is_final(error: Trouble) -> bool:
    kind = _kind(error)
    return isinstance(error, GaveUpError) or kind in _NEVER or _may_be_a_refusal(error)


def _may_be_a_refusal(error: Trouble) -> bool:
    """The site may have said no in words that we do not know."""
    return isinstance(error, SignInError) and error.kind not in _SIGN_IN_AGAIN


def _parked(history: History) -> str:
    deaths = history.browser_deaths
    where = "혼자 쓰는 브라우저까지 " if deaths > _DEATHS_IN_COMPANY else "브라우저가 "
    return f"{where}{deaths}번 비정상 종료되어 이 계정을 멈춥니다"
