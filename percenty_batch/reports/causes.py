"""Failures grouped by their cause, in one line each. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from percenty_batch.errors import FailureKind
from percenty_batch.models import BatchResult, ItemOutcome, JobResult
from percenty_batch.reports.texts import FAILURE_KINDS, OUTCOMES, SIGN_IN_KINDS, clock

_URL = re.compile(r"https?://[^\s\"'<>()]+", re.IGNORECASE)
# What differs from account to account in one and the same failure.
_OWN = re.compile(
    r"https?://[^\s\"'<>()]+|\S+@\S+\.\w+|'[^']*'|\"[^\"]*\"|\b(?=\w*\d)[0-9a-f]{6,}\b|\d+(?:[.,]\d+)*",
    re.IGNORECASE,
)
_LONGEST = 300  # characters of a message that are compared and shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One failure: of a whole account, or (`key`) of one of its items."""

    account: str
    key: str | None
    kind: FailureKind | None
    message: str
    is_before_work: bool
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What `count` of `total` failures have in common; `first_at` is of the earliest of them.

    `text` is their message, with `…` where they differ; `urls` are the addresses in them.
    """

    label: str
    text: str
    count: int
    total: int
    first_at: datetime | None
    urls: tuple[str, ...]
    accounts: tuple[str, ...]

    @property
    def line(self) -> str:
        """Tell it: `14개 중 12개: 로그인 시간 초과, 처음 02:14:09, 모두 같은 URL`."""
        told = self.text if self.text.startswith(self.label) else f"{self.label}: {self.text}"
        first = f"처음 {clock(self.first_at)}" if self.first_at else ""
        parts = (told if self.text else self.label, first, self._same_url)
        return f"{self.total}개 중 {self.count}개: {', '.join(filter(None, parts))}"

    @property
    def _same_url(self) -> str:
        if not self.urls or self.count == 1:
            return ""
        return "모두 같은 URL" if len(self.urls) == 1 else f"URL {len(self.urls)}가지"


def account_causes(results: Iterable[BatchResult]) -> tuple[Cause, ...]:
    """Group what ended accounts, the most frequent cause first."""
    return grouped(
        Trouble(
            account=job.account,
            key=None,
            kind=job.failure.kind,
            message=job.failure.message,
            is_before_work=not job.items,
            at=job.finished_at,
        )
        for job in _jobs(results)
        if job.failure
    )


def item_causes(results: Iterable[BatchResult]) -> tuple[Cause, ...]:
    """Group what items failed of, or why nobody knows their end; the most frequent first."""
    bad = (ItemOutcome.FAILED, ItemOutcome.UNKNOWN)
    return grouped(
        Trouble(
            account=job.account,
            key=item.key,
            kind=item.kind,
            message=item.reason or OUTCOMES[item.outcome],
            is_before_work=False,
            at=item.recorded_at,
        )
        for job in _jobs(results)
        for item in job.items
        if item.outcome in bad
    )


def grouped(troubles: Iterable[Trouble]) -> tuple[Cause, ...]:
    """Put failures together that differ in names, numbers and addresses at most."""
    found: dict[tuple[str, str], list[Trouble]] = {}
    for trouble in troubles:
        found.setdefault((_label(trouble), _pattern(trouble.message)), []).append(trouble)
    total = sum(map(len, found.values()))
    causes = [_cause(label, text, same, total) for (label, text), same in found.items()]
    return tuple(sorted(causes, key=lambda cause: (-cause.count, cause.label, cause.text)))


def _cause(label: str, pattern: str, same: Sequence[Trouble], total: int) -> Cause:
    messages = {_short(trouble.message) for trouble in same}
    urls = {url for trouble in same for url in _URL.findall(_short(trouble.message))}
    return Cause(
        label=label,
        text=messages.pop() if len(messages) == 1 else pattern,
        count=len(same),
        total=total,
        first_at=min((trouble.at for trouble in same if trouble.at), default=None),
        urls=tuple(sorted(urls)),
        accounts=tuple(dict.fromkeys(trouble.account for trouble in same)),
    )


def _label(trouble: Trouble) -> str:
    """Name the kind; of an account that began no item, that it came before the work."""
    if trouble.kind is None:
        return "원인 미상"
    label = FAILURE_KINDS[trouble.kind]
    is_told = trouble.kind in SIGN_IN_KINDS  # where else
    return f"첫 항목 전 {label}" if trouble.is_before_work and not is_told else label


def _pattern(message: str) -> str:
    return _OWN.sub("…", _short(message))


def _short(message: str) -> str:
    return " ".join(message[: 2 * _LONGEST].split())[:_LONGEST]


def _jobs(results: Iterable[BatchResult]) -> Iterable[JobResult]:
    return (job for result in results for job in result.jobs)
