"""Which accounts of a run are taken up again, and what has changed since it was planned. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from percenty_batch.jobs import SIGN_IN_REFUSED
from percenty_batch.ledger import BatchRecord, JobRecord, RunRecord, job_result
from percenty_batch.models import JobStatus
from percenty_batch.steps import STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it was planned. `matters`: what is resumed would not be the same."""

    text: str
    matters: bool


def accounts_to_resume(
    batch: BatchRecord, *, only_failed: bool = False, retry_refused: bool = False
) -> tuple[str, ...]:
    """Every account that did not succeed; with `only_failed`, none that was merely not reached.

    An account whose work was cut off counts as failed, and so does one that was stopped with an
    item that failed or of which nobody knows. One whose sign-in the site refused is left alone
    unless `retry_refused`: a resumption by the clock must lock nobody's account.
    """
    refused = () if retry_refused else refused_accounts(batch)
    return tuple(
        job.account
        for job in batch.jobs
        if _is_open(job, batch.plan.step, only_failed) and job.account not in refused
    )


def refused_accounts(batch: BatchRecord) -> tuple[str, ...]:
    """Every account that needs a person before it is worth another sign-in."""
    return tuple(
        job.account
        for job in batch.jobs
        if job.end and job.end.failure and job.end.failure.kind in SIGN_IN_REFUSED
    )


def has_open_ends(
    batch: BatchRecord, *, only_failed: bool = False, retry_refused: bool = False
) -> bool:
    """Tell whether resuming would do anything: work on accounts, or write the batch's end."""
    return batch.end is None or bool(
        accounts_to_resume(batch, only_failed=only_failed, retry_refused=retry_refused)
    )


def differences(
    run: RunRecord,
    *,
    accounts: Collection[str],
    site: str,
    version: str,
    quantity: int | None,
    place: str | None = None,
) -> Iterator[Difference]:
    """Compare the run's plan with what would be resumed now.

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
        yield from _batch_differences(batch, accounts, quantity)


def _batch_differences(
    batch: BatchRecord, accounts: Collection[str], quantity: int | None
) -> Iterator[Difference]:
    plan = batch.plan
    if plan.step not in STEPS:
        yield Difference(text=f"단계 {plan.step}: 이 버전에는 없습니다", matters=True)
    if quantity is not None and quantity != plan.quantity:
        planned = "정하지 않음" if plan.quantity is None else plan.quantity
        yield Difference(
            text=f"수량: {planned} → {quantity} (계획한 수량으로 이어서 합니다)", matters=True
        )
    missing = [each for each in accounts_to_resume(batch) if each not in accounts]
    if missing:
        yield Difference(
            text=f"계정 파일에 없는 계정 (건너뜁니다): {', '.join(missing)}", matters=True
        )


def _is_open(job: JobRecord, step: str, only_failed: bool) -> bool:
    result = job_result(job, step)
    if result.status is JobStatus.CANCELLED and only_failed:
        return bool(result.totals.failed or result.totals.unknown)
    return result.status is not JobStatus.SUCCEEDED


def _series(before: str, now: str) -> bool:
    """Whether the versions differ in more than their last part."""
    return before.split(".")[:2] != now.split(".")[:2]
