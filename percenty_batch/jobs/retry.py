"""Whether a failed attempt is worth another one: a pure function of what went wrong."""

from percenty_batch.errors import FailureKind, GaveUpError, SignInError, WorkError

# Trying these again could lock a customer's account, or touch the wrong one.
_NEVER = frozenset(
    {
        FailureKind.WRONG_PASSWORD,
        FailureKind.LOCKED,
        FailureKind.CAPTCHA,
        FailureKind.BLOCKED,
        FailureKind.WRONG_ACCOUNT,
        FailureKind.DATA,
    }
)
_SIGN_IN_AGAIN = frozenset(
    {FailureKind.SITE_ERROR, FailureKind.TIMEOUT, FailureKind.BROWSER_CRASHED}
)
_LONGEST_PAUSE_S = 30.0


def should_retry(error: WorkError, *, fruitless_attempts: int, max_attempts: int) -> bool:
    """Decide on the error and on how many attempts in a row finished no item."""
    if isinstance(error, GaveUpError) or error.kind in _NEVER:
        return False
    if isinstance(error, SignInError) and error.kind not in _SIGN_IN_AGAIN:
        return False  # the site may have said no in words that we do not know
    return fruitless_attempts < max_attempts


def pause_s(fruitless_attempts: int) -> float:
    """How long to leave the site alone before the next attempt."""
    return float(min(2 ** max(fruitless_attempts - 1, 0), _LONGEST_PAUSE_S))
