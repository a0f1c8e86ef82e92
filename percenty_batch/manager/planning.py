"""What a call of the manager is to work, as rounds. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from percenty_batch.accounts import AccountInputs
from percenty_batch.errors import InputError
from percenty_batch.ledger import RunRecord, run_results
from percenty_batch.manager.orders import BatchOrder, RoundOrder
from percenty_batch.manager.resumption import batches_to_resume
from percenty_batch.steps import StepSpec, plan_step


def plan_round(
    steps: Sequence[str | int],
    inputs: Mapping[str, AccountInputs],
    quantity: int | None,
    *,
    known_steps: Mapping[str, StepSpec],
    number: int,
    stamp: str,
    steps_before: Iterable[str] = (),
    concurrent: bool = True,
) -> RoundOrder:
    """Plan steps over accounts with their rows; `steps_before` are those of the run so far.

    Raises InputError, with a line for everything that a step needs and an account lacks.
    """
    planned = [plan_step(step, known_steps) for step in steps]
    if not planned:
        raise InputError("steps: 단계가 하나도 없습니다")
    if quantity is not None and quantity < 1:
        raise InputError(f"quantity: 1 이상이어야 합니다 (받은 값: {quantity})")
    if missing := _missing([each.spec for each in planned], inputs):
        raise InputError("\n".join(missing))
    job_ids = _job_ids([each.spec.id for each in planned], stamp, steps_before)
    batches = tuple(
        BatchOrder(
            job_id=job_id,
            step=each.spec.id,
            quantity=quantity,
            requested={
                account: each.spec.requested(quantity, rows) for account, rows in inputs.items()
            },
            on_failure=each.on_failure,
            opens_round=each is planned[0],
        )
        for each, job_id in zip(planned, job_ids, strict=True)
    )
    return RoundOrder(number=number, batches=batches, concurrent=concurrent)


def rounds_to_resume(
    run: RunRecord, known: Collection[str], *, only_failed: bool, retry_refused: bool
) -> Iterator[RoundOrder]:
    """Plan the rest of a run, without accounts that are not `known`."""
    before = {result.job_id: result for result in run_results(run)}
    for batches in run.rounds:
        left = batches_to_resume(batches, only_failed=only_failed, retry_refused=retry_refused)
        orders = tuple(
            BatchOrder(
                job_id=each.plan.job_id,
                step=each.plan.step,
                quantity=each.plan.quantity,
                requested={
                    account: each.plan.requested[account]
                    for account in each.accounts
                    if account in known
                },
                on_failure=each.plan.on_failure,
                opens_round=each.plan.job_id == batches[0].plan.job_id,
                before=before[each.plan.job_id],
            )
            for each in left
        )
        if orders:
            yield RoundOrder(number=batches[0].plan.round_number, batches=orders)


def _missing(steps: Iterable[StepSpec], inputs: Mapping[str, AccountInputs]) -> tuple[str, ...]:
    lines = (
        line for step in steps for rows in inputs.values() for line in rows.missing(step.needs)
    )
    return tuple(dict.fromkeys(lines))


def _job_ids(steps: Iterable[str], stamp: str, steps_before: Iterable[str]) -> Iterator[str]:
    """Name batches; one whose step the run has had already gets a number."""
    counts = Counter(steps_before)
    for step in steps:
        counts[step] += 1
        job_id = f"single_step_{step}_{stamp}"
        yield job_id if counts[step] == 1 else f"{job_id}_{counts[step]}"
