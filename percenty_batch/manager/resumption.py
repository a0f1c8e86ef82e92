"""Which accounts of a run are taken up again, and what has changed since it was planned. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from percenty_batch.jobs import SIGN_IN_REFUSED
from percenty_batch.ledger import BatchPlan, BatchRecord, JobRecord, RunRecord, job_result
from percenty_batch.models import BatchResult, JobStatus, StopReason
from percenty_batch.steps import STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it was planned. `matters`: what is resumed would not be the same."""

    text: str
    matters: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchToResume:
    """A batch that is taken up again: for these accounts, or only to write its end."""

    plan: BatchPlan
    accounts: tuple[str, ...]


def batches_to_resume(
    batches: Sequence[BatchRecord], *, only_failed: bool = False, retry_refused: bool = False
) -> tuple[BatchToResume, ...]:
    """Choose what of a round is taken up: every account that did not succeed, batch by batch.

    With `only_failed`, none that was merely not reached. An account whose work was cut off counts
    as failed, and so does one that was stopped with an item that failed or of which nobody knows,
    and a step that was not begun after another one's failure. An account whose sign-in the site
    refused is left alone in all steps unless `retry_refused`: a resumption by the clock must lock
    nobody's account.
    """
    refused = () if retry_refused else refused_accounts(batches)
    found = (
        BatchToResume(
            plan=batch.plan,
            accounts=tuple(
                job.account
                for job in batch.jobs
                if job.account not in refused and _is_open(job, batch.plan.step, only_failed)
            ),
        )
        for batch in batches
    )
    is_ended = {batch.plan.job_id: batch.end is not None for batch in batches}
    return tuple(each for each in found if each.accounts or not is_ended[each.plan.job_id])


def refused_accounts(batches: Sequence[BatchRecord]) -> tuple[str, ...]:
    """Every account of a round that needs a person before it is worth another sign-in."""
    refused = (
        job.account
        for batch in batches
        for job in batch.jobs
        if job.end and job.end.failure and job.end.failure.kind in SIGN_IN_REFUSED
    )
    return tuple(dict.fromkeys(refused))


def without_old_stops(results: Iterable[BatchResult]) -> tuple[BatchResult, ...]:
    """Leave out what once stopped a batch of which nothing is left to do.

    A resumption that finds it finished is neither interrupted nor halted by it.
    """
    return tuple(
        replace(each, interrupted_by=None, halted=None)
        if all(job.status is JobStatus.SUCCEEDED for job in each.jobs)
        else each
        for each in results
    )


def rest_of_run(
    run: RunRecord, *, only_failed: bool = False, retry_refused: bool = False
) -> tuple[BatchToResume, ...]:
    """Choose what is taken up of all rounds; nothing: a resumption would do nothing."""
    return tuple(
        each
        for batches in run.rounds
        for each in batches_to_resume(batches, only_failed=only_failed, retry_refused=retry_refused)
    )


def differences(
    run: RunRecord,
    *,
    accounts: Collection[str],
    site: str,
    version: str,
    quantity: int | None,
    place: str | None = None,
    steps: Collection[str] = STEPS,
    only_failed: bool = False,
    retry_refused: bool = False,
) -> Iterator[Difference]:
    """Compare the run's plan with what would be resumed now, chosen as by `rest_of_run`.

    `quantity` is the one asked for by an option, None when none was; `place` is ours where the
    ledger is shared by several, None where it stands beside the run's files.
    """
    if place is not None and run.plan.place != place:
        yield Difference(text=f"로그 폴더: {run.plan.place} → {place}", matters=True)
    if run.plan.site != site:
        yield Difference(text=f"사이트: {run.plan.site} → {site}", matters=True)
    before = run.starts[-1].version
    if before != version:
        yield Difference(text=f"버전: {before} → {version}", matters=_series(before, version))
    for batch in run.batches:
        yield from _plan_differences(batch.plan, quantity, steps)
    rest = rest_of_run(run, only_failed=only_failed, retry_refused=retry_refused)
    wanted = (account for each in rest for account in each.accounts)
    if missing := [each for each in dict.fromkeys(wanted) if each not in accounts]:
        yield Difference(
            text=f"계정 파일에 없는 계정 (건너뜁니다): {', '.join(missing)}", matters=True
        )


def _plan_differences(
    plan: BatchPlan, quantity: int | None, steps: Collection[str]
) -> Iterator[Difference]:
    if plan.step not in steps:
        yield Difference(text=f"단계 {plan.step}: 이 버전에는 없습니다", matters=True)
    if quantity is not None and quantity != plan.quantity:
        planned = "정하지 않음" if plan.quantity is None else plan.quantity
        yield Difference(
            text=f"수량: {planned} → {quantity} (계획한 수량으로 이어서 합니다)", matters=True
        )


def _is_open(job: JobRecord, step: str, only_failed: bool) -> bool:
    result = job_result(job, step)
    if result.status is JobStatus.CANCELLED and only_failed:
        is_consequence = result.stop_reason is StopReason.EARLIER_STEP
        return is_consequence or bool(result.totals.failed or result.totals.unknown)
    return result.status is not JobStatus.SUCCEEDED


def _series(before: str, now: str) -> bool:
    """Whether the versions differ in more than their last part."""
    return before.split(".")[:2] != now.split(".")[:2]
