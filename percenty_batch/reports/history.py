"""Earlier nights in few words, and what tonight is beside them. Pure; the rules are in the README.

A night is one run. `Past` is what became of one account in one step on one night.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby, pairwise

from percenty_batch.errors import FailureKind
from percenty_batch.models import JobOutline, JobStatus, Night

Key = tuple[str, str]  # account and step

NIGHTS = 14
"""How many earlier nights are looked at."""

_FLAKY_NIGHTS, _FLAKY_CHANGES = 7, 3


class Mark(StrEnum):
    """One night of one account: it worked, something went wrong, or its turn never came."""

    OK = "ok"
    FAILED = "failed"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One account in one step on one night; counts are of items. `left` were not attempted."""

    mark: Mark
    kind: FailureKind | None
    done: int
    requested: int
    left: int


class State(StrEnum):
    """What tonight is beside the nights before; exactly one holds."""

    NEWLY_FAILING = "newly_failing"
    STILL_FAILING = "still_failing"
    NEVER_SUCCEEDED = "never_succeeded"
    RECOVERED = "recovered"
    NOT_RUN = "not_run"
    STEADY = "steady"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One account in one step. `tonight` is None when it was not even planned.

    `nights`: for how many nights in a row it has failed or not run, tonight included; of a
    recovered one, how many it had failed before; else 0. `last_done` is of the last night on
    which it was tried.
    """

    account: str
    step: str
    state: State
    nights: int
    tonight: Past | None
    last_done: int | None
    is_under_delivered: bool
    is_flaky: bool


@dataclass(slots=True)
class History:
    """Earlier nights, to be added newest first. Keeps a few small values per account and night."""

    stamps: list[str] = field(default_factory=list)
    problem: str | None = None  # why earlier nights could not be read
    _past: dict[Key, list[Past]] = field(default_factory=dict)
    _planned: dict[str, list[list[str]]] = field(default_factory=dict)  # by step, newest first
    _same: dict[Past, Past] = field(default_factory=dict)

    def add(self, night: Night) -> None:
        """Add the night before those that were added."""
        self.stamps.append(night.stamp)
        told = outcomes(night.jobs)
        for key, past in told.items():
            self._past.setdefault(key, []).append(self._same.setdefault(past, past))
        for step in dict.fromkeys(step for _, step in told):
            accounts = [account for account, of_step in told if of_step == step]
            self._planned.setdefault(step, []).append(accounts)

    def of(self, key: Key) -> Sequence[Past]:
        """Tell what became of the account in the step, newest first."""
        return self._past.get(key, ())

    def left_out(self, tonight: Mapping[Key, Past]) -> Iterator[Key]:
        """Name who was planned on the last like night, and is not tonight.

        Like is a night of the step at least half of whose accounts are planned tonight as well: a
        run for one account, or for another half of them, says nothing of the others.
        """
        for step in dict.fromkeys(step for _, step in tonight):
            for accounts in self._planned.get(step, ()):
                missing = [each for each in accounts if (each, step) not in tonight]
                if 2 * len(missing) <= len(accounts):
                    yield from ((account, step) for account in missing)
                    break


def outcomes(jobs: Iterable[JobOutline]) -> dict[Key, Past]:
    """Tell each account's outcome in each step; several batches of one step are one outcome.

    Such a one failed when one of them failed; it worked when one worked and none failed.
    """
    found: dict[Key, list[JobOutline]] = {}
    for job in jobs:
        found.setdefault((job.account, job.step), []).append(job)
    return {key: _past(of_key) for key, of_key in found.items()}


def since_last_night(jobs: Iterable[JobOutline], history: History) -> tuple[Change, ...]:
    """Compare tonight's jobs with the earlier nights, in the order of the jobs.

    Those who are not planned tonight although they were on the last like night come last.
    """
    tonight = outcomes(jobs)
    planned = [_change(key, past, history.of(key)) for key, past in tonight.items()]
    return (*planned, *(_change(key, None, history.of(key)) for key in history.left_out(tonight)))


def _change(key: Key, tonight: Past | None, past: Sequence[Past]) -> Change:
    tried = [night for night in past if night.mark is not Mark.NOT_RUN]
    state, nights = _state(tonight, past, tried)
    is_ok = tonight is not None and tonight.mark is Mark.OK
    is_tried = tonight is not None and tonight.mark is not Mark.NOT_RUN
    return Change(
        account=key[0],
        step=key[1],
        state=state,
        nights=nights,
        tonight=tonight,
        last_done=tried[0].done if tried else None,
        is_under_delivered=is_ok and tonight is not None and tonight.left > 0,
        is_flaky=_is_flaky([tonight, *tried] if is_tried and tonight else tried),
    )


def _state(tonight: Past | None, past: Sequence[Past], tried: Sequence[Past]) -> tuple[State, int]:
    failed = _leading(Mark.FAILED, tried)
    if tonight is None or tonight.mark is Mark.NOT_RUN:
        return State.NOT_RUN, 1 + _leading(Mark.NOT_RUN, past)
    if tonight.mark is Mark.OK:
        return (State.RECOVERED, failed) if failed else (State.STEADY, 0)
    if failed == len(tried):
        return State.NEVER_SUCCEEDED, 1 + failed
    return (State.STILL_FAILING, 1 + failed) if failed else (State.NEWLY_FAILING, 1)


def _is_flaky(newest_first: Sequence[Past]) -> bool:
    """Whether success and failure took turns at least 3 times within the last 7 tried nights."""
    marks = [night.mark for night in newest_first[:_FLAKY_NIGHTS]]
    return sum(one is not other for one, other in pairwise(marks)) >= _FLAKY_CHANGES


def _leading(mark: Mark, nights: Iterable[Past]) -> int:
    first, group = next(groupby(nights, lambda night: night.mark), (None, ()))
    return sum(1 for _ in group) if first is mark else 0


def _past(jobs: Sequence[JobOutline]) -> Past:
    failed = next((job for job in jobs if _mark(job) is Mark.FAILED), None)
    is_ok = any(_mark(job) is Mark.OK for job in jobs)
    return Past(
        mark=Mark.FAILED if failed else Mark.OK if is_ok else Mark.NOT_RUN,
        kind=failed.failure.kind if failed and failed.failure else None,
        done=sum(job.totals.done for job in jobs),
        requested=sum(job.totals.requested for job in jobs),
        left=sum(job.totals.not_attempted for job in jobs),
    )


def _mark(job: JobOutline) -> Mark:
    """An account that was never opened, or called off without a failure, did not run."""
    if job.status is JobStatus.SUCCEEDED:
        return Mark.OK
    is_opened = job.attempts and job.status is not JobStatus.CANCELLED
    return Mark.FAILED if is_opened else Mark.NOT_RUN
