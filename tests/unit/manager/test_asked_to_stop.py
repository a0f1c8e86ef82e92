"""A run that is asked to stop through the ledger, by whoever reads it elsewhere."""

import signal

from percenty_batch.ledger import StopRequest
from percenty_batch.manager import BatchManager
from percenty_batch.models import Account, ItemOutcome, ItemResult, JobStatus, StopReason
from percenty_batch.settings import LedgerSettings
from percenty_batch.steps import StepContext
from tests.unit.jobs.builders import NOON, product_key
from tests.unit.manager.conftest import ONE, USERS, House


def test_a_wish_in_the_ledger_is_the_first_signal(house: House) -> None:
    async def work(ctx: StepContext) -> StopReason:
        """The item at hand is finished."""
        await ctx.book.begin(product_key(0))
        request = StopRequest(number=1, who="대시보드", at=NOON)
        await house.ledger.ask_to_stop(manager.start_time, request)
        await ctx.should_stop.wait()
        await ctx.book.record(ItemResult(key=product_key(0), outcome=ItemOutcome.DONE))
        return StopReason.CANCELLED

    house.work = work
    settings = house.settings(concurrency=1).model_copy(
        update={"ledger": LedgerSettings(lease_s=1)}
    )
    accounts = [Account(id=each, password="s3cret-canary") for each in USERS]
    manager = BatchManager(settings=settings, accounts=accounts)

    result = manager.run_single_step(1, quantity=9)

    assert result.interrupted_by == signal.SIGTERM
    first, second = result.jobs
    assert (first.account, first.status, first.totals.done) == (ONE, JobStatus.CANCELLED, 1)
    assert (second.status, second.attempts) == (JobStatus.CANCELLED, 0)
    assert manager.report_files[0].markdown
    log = next((house.folder / "logs").glob("batch_processor_*.log")).read_text(encoding="utf-8")
    assert log.count("중단을 요청한 곳: 대시보드") == 1
    assert "바로 멈춥니다" not in log
