"""What the steps use of an account's file, on its way from the manager to the step."""

from dataclasses import replace

import pytest

from percenty_batch.accounts import NO_EDITS, AccountInputs, Needs, Task, TaskStep
from percenty_batch.errors import InputError
from percenty_batch.models import JobStatus, StopReason
from percenty_batch.steps import STEPS, StepContext
from tests.unit.manager.conftest import ONE, TWO, House, finish_all


def inputs_of(account: str, *codes: str) -> AccountInputs:
    tasks = tuple(
        Task(
            row=row,
            code=code,
            step=TaskStep.MOVE,
            final_group="서버1",
            target_group="대기1",
            edits=NO_EDITS,
        )
        for row, code in enumerate(codes, start=2)
    )
    return AccountInputs(place=f"x.xlsx: 계정 {account!r}", tasks=tasks)


@pytest.fixture
def step_of_rows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have step 1 work one item for each task row of step 2_1."""
    step = replace(
        STEPS["1"],
        usual_quantity=None,
        needs=Needs(tasks=True),
        rows=lambda inputs: inputs.tasks_of("2_1"),
    )
    monkeypatch.setitem(STEPS, "1", step)


@pytest.mark.usefixtures("step_of_rows")
def test_what_accounts_lack_is_told_in_one_go_before_anything_opens(house: House) -> None:
    manager = house.manager()

    with pytest.raises(InputError) as caught:
        manager.run_single_step(1)

    assert [line.split("의 ")[0] for line in str(caught.value).splitlines()] == [
        f"계정 {ONE!r}",
        f"계정 {TWO!r}",
    ]
    assert house.launchers == []


@pytest.mark.usefixtures("step_of_rows")
@pytest.mark.parametrize(("quantity", "requested"), [(None, (3, 1)), (2, (2, 1))])
def test_each_account_is_asked_for_as_many_items_as_it_has_rows(
    house: House, quantity: int | None, requested: tuple[int, int]
) -> None:
    rows = {ONE: inputs_of(ONE, "H16", "H17", "H18"), TWO: inputs_of(TWO, "G03")}
    manager = house.manager(inputs=rows)

    result = manager.run_single_step(1, quantity=quantity)

    assert tuple(job.totals.done for job in result.jobs) == requested
    (batch,) = house.run(manager).batches
    assert (batch.plan.quantity, tuple(batch.plan.requested.values())) == (quantity, requested)
    assert tuple(job.requested for job in batch.jobs) == requested


@pytest.mark.usefixtures("step_of_rows")
def test_an_account_without_a_row_of_the_step_succeeds_unopened(house: House) -> None:
    manager = house.manager(inputs={ONE: inputs_of(ONE, "H16"), TWO: inputs_of(TWO)})

    one, two = manager.run_single_step(1).jobs

    assert (one.status, one.attempts) == (JobStatus.SUCCEEDED, 1)
    assert (two.status, two.attempts, two.requested) == (JobStatus.SUCCEEDED, 0, 0)
    assert two.stop_reason is StopReason.SOURCE_EMPTY
    assert [session.account_id for session in house.launchers[0].sessions] == [ONE]


def test_a_step_gets_its_accounts_own_rows(house: House) -> None:
    seen: dict[str, AccountInputs] = {}

    async def note(ctx: StepContext) -> StopReason:
        seen[ctx.account.id] = ctx.inputs
        return await finish_all(ctx)

    house.work = note
    rows = {ONE: inputs_of(ONE, "H16"), TWO: inputs_of(TWO, "G03")}
    house.manager(inputs=rows).run_single_step(1, quantity=1)

    assert seen == rows
