import asyncio
import json
import signal
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from percenty_batch.errors import CannotRunError, FailureKind, InputError, WorkError
from percenty_batch.ledger import (
    BatchRecord,
    Holder,
    JobRecord,
    Lease,
    Owner,
    RunRecord,
)
from percenty_batch.manager import BatchManager, report_again
from percenty_batch.models import BatchResult, JobStatus, StopReason, Verdict
from percenty_batch.steps import StepContext
from tests.unit.jobs.ledgers import LEASE_S, OTHERS
from tests.unit.manager.conftest import ONE, TWO, House, finish_all, finish_next

BROKEN = WorkError(FailureKind.DATA, "고장")


def fails_after(count: int, *accounts: str) -> Callable[[StepContext], Awaitable[StopReason]]:
    """Work that breaks off after so many items of these accounts, the last of them in flight."""

    async def work(ctx: StepContext) -> StopReason:
        if ctx.account.id not in accounts:
            return await finish_all(ctx)
        for _ in range(count):
            await finish_next(ctx)
        await ctx.book.begin("f" * 24)
        raise BROKEN

    return work


def begun(house: House, *accounts: str, quantity: int = 3) -> BatchManager:
    """A run in which these accounts broke off after one item."""
    house.work = fails_after(1, *accounts)
    manager = house.manager()
    manager.run_single_step(1, quantity=quantity)
    house.work = finish_all
    return manager


def cut_off(record: RunRecord) -> RunRecord:
    """The run as it would stand if the program had died before it could write any end."""

    def job(each: JobRecord) -> JobRecord:
        last = replace(each.attempts[-1], finished_at=None, failure=None)
        return replace(each, end=None, attempts=(*each.attempts[:-1], last))

    def batch(each: BatchRecord) -> BatchRecord:
        return replace(each, end=None, jobs=tuple(map(job, each.jobs)))

    starts = tuple(replace(each, finished_at=None) for each in record.starts)
    return replace(record, starts=starts, batches=tuple(map(batch, record.batches)))


def report_of(house: House, result: BatchResult) -> dict[str, Any]:
    path = house.folder / f"logs/reports/{result.stamp}/batch_report_{result.job_id}.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_a_resumed_run_keeps_its_stamp_job_id_and_earlier_outcomes(house: House) -> None:
    before = begun(house, TWO)
    (first,) = before.results

    (result,) = house.manager(house.run(before)).resume()

    assert [job.status for job in first.jobs] == [JobStatus.SUCCEEDED, JobStatus.PARTIAL]
    assert (result.stamp, result.job_id, result.verdict) == (
        first.stamp,
        first.job_id,
        Verdict.SUCCESS,
    )
    assert [job.totals.done for job in result.jobs] == [3, 3]
    assert result.jobs[0] == first.jobs[0]
    assert result.jobs[1].items[0] == first.jobs[1].items[0]
    assert (result.started_at, result.resumptions) == (first.started_at, 1)
    assert result.duration_s > first.duration_s


def test_only_the_accounts_that_are_not_finished_are_opened_and_their_attempts_count_on(
    house: House,
) -> None:
    before = begun(house, TWO)
    opened_before = len(house.launchers)

    (result,) = house.manager(house.run(before)).resume()

    (launcher,) = house.launchers[opened_before:]
    assert [session.account_id for session in launcher.sessions] == [TWO]
    assert [job.attempts for job in result.jobs] == [1, 2]
    assert len(house.run(before).starts) == 2


def test_a_resumed_runs_report_replaces_the_earlier_one(house: House) -> None:
    before = begun(house, TWO)
    files_before = house.files
    assert report_of(house, before.results[0])["verdict"] == "partial"

    (result,) = house.manager(house.run(before)).resume()

    document = report_of(house, result)
    assert (document["verdict"], document["totals"]["done"]) == ("success", 6)
    assert house.files == files_before


def test_an_item_that_was_in_flight_is_settled_first(house: House) -> None:
    before = begun(house, ONE)
    assert before.results[0].jobs[0].totals.unknown == 1

    (result,) = house.manager(house.run(before)).resume()

    keys = [item.key for item in result.jobs[0].items]
    assert (len(keys), len(set(keys)), result.jobs[0].totals.unknown) == (3, 3, 0)
    assert "f" * 24 in keys


def test_a_run_that_was_stopped_goes_on_with_the_accounts_it_had_not_reached(
    house: House,
) -> None:
    house.on_open = lambda: signal.raise_signal(signal.SIGTERM)
    before = house.manager()
    (before_result,) = [before.run_single_step(1, quantity=2)]
    assert before_result.interrupted_by == signal.SIGTERM
    house.on_open = lambda: None

    (result,) = house.manager(house.run(before)).resume()

    assert (result.interrupted_by, result.totals.done) == (None, 4)


def test_an_account_that_a_stopped_resumption_did_not_reach_keeps_what_it_had(
    house: House,
) -> None:
    before = begun(house, ONE)
    house.on_open = lambda: signal.raise_signal(signal.SIGTERM)

    (result,) = house.manager(house.run(before)).resume()

    assert result.interrupted_by == signal.SIGTERM
    assert result.jobs == before.results[0].jobs


def test_an_account_that_another_run_took_meanwhile_is_told_as_such(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = begun(house, ONE)
    acquire = house.ledger.acquire

    async def held(resource: str, owner: Owner, ttl_s: float) -> Lease | Holder:
        if not resource.startswith("account:"):
            return await acquire(resource, owner, ttl_s)
        now = datetime.now(UTC)
        return Holder(owner=OTHERS, since=now, renewed_at=now, expires_at=now)

    monkeypatch.setattr(house.ledger, "acquire", held)
    monkeypatch.setattr("percenty_batch.jobs.lease._RENEWALS", 10_000)  # a short second look

    (result,) = house.manager(house.run(before)).resume()

    assert result.jobs[0].failure
    assert result.jobs[0].failure.kind is FailureKind.IN_USE


def test_accounts_that_were_merely_not_reached_are_left_out_on_request(house: House) -> None:
    house.refusals[ONE] = BROKEN
    before = house.manager(concurrency=1, halt="fail=1")
    before.run_single_step(1, quantity=2)
    house.refusals.clear()

    (result,) = house.manager(house.run(before)).resume(only_failed=True)

    assert [(job.status, job.attempts) for job in result.jobs] == [
        (JobStatus.SUCCEEDED, 2),
        (JobStatus.CANCELLED, 0),
    ]


def test_an_account_that_is_no_longer_there_keeps_what_it_had(house: House) -> None:
    before = begun(house, ONE, TWO)

    (result,) = house.manager(house.run(before), accounts=(TWO,)).resume()

    assert result.jobs[0] == before.results[0].jobs[0]
    assert result.jobs[1].status is JobStatus.SUCCEEDED


def test_every_unfinished_batch_of_the_run_is_taken_up(house: House) -> None:
    house.work = fails_after(1, ONE)
    before = house.manager()
    for _ in range(2):
        before.run_single_step(1, quantity=2)
    house.work = finish_all

    results = house.manager(house.run(before)).resume()

    assert [result.job_id for result in results] == [each.job_id for each in before.results]
    assert {result.verdict for result in results} == {Verdict.SUCCESS}
    assert len(house.run(before).starts) == 2


def test_a_stop_ends_the_resumed_run_before_its_next_batch(house: House) -> None:
    house.work = fails_after(1, ONE)
    before = house.manager()
    for _ in range(2):
        before.run_single_step(1, quantity=2)

    async def stopped(ctx: StepContext) -> StopReason:
        signal.raise_signal(signal.SIGTERM)
        await ctx.should_stop.wait()
        return StopReason.CANCELLED

    house.work = stopped
    first, second = house.manager(house.run(before)).resume()

    assert first.interrupted_by == signal.SIGTERM
    assert second == replace(before.results[1], resumptions=second.resumptions)


def test_a_run_that_somebody_works_at_is_refused_and_stays_as_it_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = begun(house, ONE)
    record, reports = house.run(before), report_of(house, before.results[0])

    async def held(_resource: str, _owner: Owner, _ttl_s: float) -> Holder:
        now = datetime.now(UTC)
        return Holder(owner=OTHERS, since=now, renewed_at=now, expires_at=now)

    monkeypatch.setattr(house.ledger, "acquire", held)
    monkeypatch.setattr("percenty_batch.jobs.lease._RENEWALS", 10_000)  # a short second look

    with pytest.raises(CannotRunError, match="their-host"):
        house.manager(record).resume()

    assert house.run(before) == record
    assert report_of(house, before.results[0]) == reports
    assert len(house.launchers) == 1


def test_the_lease_of_a_finished_run_is_given_back(house: House) -> None:
    before = begun(house, ONE)

    lease = asyncio.run(house.ledger.acquire(f"run:{before.start_time}", OTHERS, LEASE_S))

    assert isinstance(lease, Lease)
    assert house.run(before).starts[0].finished_at is not None


def test_without_a_run_there_is_nothing_to_resume(house: House) -> None:
    with pytest.raises(InputError, match="이어서 할 실행이 없습니다"):
        house.manager().resume()


def test_a_resumption_without_a_ledger_says_so_and_changes_nothing(house: House) -> None:
    before = begun(house, ONE)
    record, reports = house.run(before), report_of(house, before.results[0])
    house.ledger_problem = CannotRunError("원장을 사용할 수 없습니다")

    with pytest.raises(CannotRunError, match="원장을 사용할 수 없습니다"):
        house.manager(record).resume()

    assert report_of(house, before.results[0]) == reports


def test_a_run_that_was_cut_off_is_reported_from_the_ledger_alone(house: House) -> None:
    before = begun(house, ONE)
    record = cut_off(house.run(before))

    (result,), (files, summary) = report_again(record, house.settings())

    document = report_of(house, result)
    one, two = document["accounts"]
    assert (result.is_cut_off, document["is_cut_off"]) == (True, True)
    assert (one["done"], one["unknown"], one["not_attempted"]) == (1, 1, 1)
    assert one["failure_kind"] == "unknown"
    assert two["done"] == 3
    assert files.markdown
    assert summary.markdown
    assert "도중에" in files.markdown.read_text(encoding="utf-8")


def test_a_finished_run_is_reported_again_word_for_word(house: House) -> None:
    before = begun(house, ONE)
    (files,) = before.report_files
    assert files.markdown
    assert files.json
    written = [path.read_text(encoding="utf-8") for path in (files.markdown, files.json)]
    for path in (files.markdown, files.json):
        path.unlink()

    report_again(house.run(before), house.settings())

    assert [p.read_text(encoding="utf-8") for p in (files.markdown, files.json)] == written


def test_what_a_killed_start_left_is_swept_although_no_browser_is_opened_any_more(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = begun(house)
    temporary = tmp_path / "tmp"
    left = temporary / "percenty-x"
    left.mkdir(parents=True)
    (left / "lock").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    run = house.run(before)
    all_but_its_end = replace(run, batches=(replace(run.batches[0], end=None),))

    house.manager(all_but_its_end).resume()

    assert not left.exists()
