"""Whether the site is down: told from how the accounts of one batch end."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Self

from percenty_batch.errors import FailureKind
from percenty_batch.models import JobResult, JobStatus, StopReason
from percenty_batch.settings import JobSettings

# A browser that cannot reach the site ends in a site error too.
_TEXTS = {FailureKind.SITE_ERROR: "사이트 오류", FailureKind.TIMEOUT: "시간 초과"}
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHealth:
    """The failures since the last sign of life; times are monotonic.

    The site is down when `needed` accounts failed with the same kind, one after the other and
    without a sign of life in between; an account that fails in several steps is one. They belong
    together while the next account begins no later than `window_s` after the last failure: not
    ends are compared, because with few accounts at once a site that hangs lets each of them end
    minutes after the one before.
    """

    needed: int
    window_s: float
    failures: frozenset[tuple[str, FailureKind]] = frozenset()  # by account
    last_at: float = 0.0

    @classmethod
    def of_batch(cls, account_count: int, limits: JobSettings) -> Self:
        """Begin with a site that is up.

        A batch of fewer accounts than the limit needs all of them, and never fewer than three:
        of one or two accounts nobody can say that it is not their own trouble.
        """
        needed = min(limits.site_down_accounts, max(account_count, _FEWEST))
        return cls(needed=needed, window_s=limits.site_down_window_s)

    @property
    def is_down(self) -> bool:
        return max(self._counts.values(), default=0) >= self.needed

    @property
    def reason(self) -> str:
        """Say in Korean why the site is taken to be down; only to be asked when it is."""
        [(kind, count)] = self._counts.most_common(1)
        return f"사이트 장애로 보입니다: 계정 {count}개가 같은 이유({_TEXTS[kind]})로 실패"

    def seen(self, result: JobResult, at: float) -> Self:
        """Take in how an account ended at `at`. Success is a sign of life."""
        if result.status is JobStatus.SUCCEEDED:
            return self.alive()
        failure = result.failure
        if (
            result.stop_reason is not StopReason.ERROR
            or failure is None
            or failure.kind not in _TEXTS
        ):
            return self
        is_next = at - result.duration_s - self.last_at <= self.window_s
        before = self.failures if is_next else frozenset()
        return replace(self, failures=before | {(result.account, failure.kind)}, last_at=at)

    def alive(self) -> Self:
        """Forget the failures: just now an account finished an item."""
        return replace(self, failures=frozenset())

    @property
    def _counts(self) -> Counter[FailureKind]:
        return Counter(kind for _, kind in self.failures)
