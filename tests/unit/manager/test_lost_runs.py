"""A process that stood still while another one took its run over."""

import pytest

from percenty_batch.errors import RunLostError
from percenty_batch.ledger import Lease, MemoryLedger
from percenty_batch.manager import BatchManager
from percenty_batch.models import Account, StopReason
from percenty_batch.settings import LedgerSettings
from percenty_batch.steps import StepContext
from tests.unit.manager.conftest import ONE, USERS, House


class TakenLedger(MemoryLedger):
    """Refuses to renew the run's lease once it `is_taken`."""

    is_taken = False

    async def renew(self, lease: Lease) -> bool:
        if self.is_taken and lease.resource.startswith("run:"):
            return False
        return await super().renew(lease)


def test_a_run_that_was_taken_over_begins_no_account_and_tells_of_no_end(house: House) -> None:
    house.ledger = ledger = TakenLedger()
    begun: list[str] = []

    async def work(ctx: StepContext) -> StopReason:
        begun.append(ctx.account.id)
        ledger.is_taken = True
        await ctx.should_stop.wait()
        return StopReason.CANCELLED

    house.work = work
    settings = house.settings(concurrency=1).model_copy(
        update={"ledger": LedgerSettings(lease_s=1)}
    )
    manager = BatchManager(
        settings=settings, accounts=[Account(id=each, password="s3cret-canary") for each in USERS]
    )

    with pytest.raises(RunLostError, match="다른 실행이 넘겨받아"):
        manager.run_single_step(1, quantity=1)

    (batch,) = house.run(manager).batches
    assert begun == [ONE]
    assert batch.end is None
    assert [job.account for job in batch.jobs if job.end] == [ONE]
    assert [name for name in house.files if "report" in name] == []
