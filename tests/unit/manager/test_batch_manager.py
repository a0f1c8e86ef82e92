import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from percenty_batch.errors import CannotRunError, DiskError, FailureKind, InputError, WorkError
from percenty_batch.events import Event, JobFinished
from percenty_batch.ledger import batch_result, open_ledger
from percenty_batch.manager import BatchManager
from percenty_batch.manager import batch_manager as batch_manager_module
from percenty_batch.models import (
    BatchResult,
    ItemOutcome,
    ItemResult,
    JobResult,
    JobStatus,
    StopReason,
    Verdict,
)
from percenty_batch.steps import StepContext
from tests.unit.jobs.builders import product_key
from tests.unit.manager.conftest import ONE, TWO, USERS, House, finish_all

WRONG_PASSWORD = WorkError(FailureKind.WRONG_PASSWORD, "비밀번호가 올바르지 않습니다")


def test_a_batch_works_every_account_and_leaves_the_guides_tree_and_the_ledger(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_manager_module, "open_ledger", open_ledger)
    manager = house.manager()
    stamp = manager.start_time

    result = manager.run_single_step(step=1, quantity=3)

    assert (result.verdict, result.job_id) == (Verdict.SUCCESS, f"single_step_1_{stamp}")
    assert [(job.account, job.totals.done) for job in result.jobs] == [(ONE, 3), (TWO, 3)]
    assert house.files == sorted(
        [
            *(f"accounts/{stamp}/{account}.log" for account in USERS),
            *(f"errors/{stamp}/{account}_errors.log" for account in USERS),
            f"batch_processor_{stamp}.log",
            "ledger.sqlite3",
            *(
                f"reports/{stamp}/{report}_{stamp}.{kind}"
                for report in ("batch_report_single_step_1", "summary_report")
                for kind in ("md", "json")
            ),
            f"reports/{stamp}/summary_report_{stamp}.html",
        ]
    )
    assert (manager.results, len(manager.report_files)) == ((result,), 1)


def test_only_the_named_accounts_are_worked_in_their_order_and_once(house: House) -> None:
    result = house.manager().run_single_step(1, [TWO, ONE, TWO], 1)
    assert [job.account for job in result.jobs] == [TWO, ONE]


@pytest.mark.parametrize(("concurrent", "most"), [(True, 2), (False, 1)])
def test_accounts_go_together_or_one_at_a_time(house: House, concurrent: bool, most: int) -> None:
    async def yield_once(ctx: StepContext) -> StopReason:
        await asyncio.sleep(0)
        return await finish_all(ctx)

    house.work = yield_once
    house.manager().run_single_step(1, concurrent=concurrent)
    assert house.launchers[0].most_open == most


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"step": "99"}, "단계가 없습니다"),
        ({"step": 1, "quantity": 0}, "quantity: 1 이상이어야 합니다"),
        ({"step": 1, "quantity": -5}, "quantity: 1 이상이어야 합니다"),
        ({"step": 1, "accounts": []}, "계정이 하나도 없습니다"),
        ({"step": 1, "accounts": [ONE, "x@example.com"]}, "찾을 수 없습니다: x@example.com"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_opened(
    house: House, call: dict[str, Any], message: str
) -> None:
    manager = house.manager()
    with pytest.raises(InputError, match=message):
        manager.run_single_step(**call)
    with pytest.raises(InputError, match=message):
        asyncio.run(manager.run_step(**call))
    assert (house.launchers, house.files, manager.results) == ([], [], ())


@pytest.mark.parametrize("twin", [ONE, ONE.upper()])
def test_an_account_that_is_given_twice_is_refused_before_a_stamp_is_taken(
    house: House, twin: str
) -> None:
    with pytest.raises(InputError, match=f"accounts: id '{twin}'는 이미 있습니다"):
        house.manager(accounts=(ONE, TWO, twin))
    assert not (house.folder / "logs").exists()


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"halt": "20%"}, "--halt '20%': fail=20% 또는 fail=3처럼 써야 합니다"),
        ({"deadline": "25:00"}, "--deadline '25:00': 시각"),
    ],
)
def test_limits_that_mean_nothing_are_refused_before_a_stamp_is_taken(
    house: House, limits: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        house.manager(**limits)
    assert not (house.folder / "logs").exists()


def test_a_disk_with_too_little_room_is_refused_before_a_stamp_is_taken(house: House) -> None:
    settings = house.settings()
    logs = settings.logs.model_copy(update={"min_free_mb": 10**12})
    with pytest.raises(DiskError, match="디스크 여유 공간이 부족합니다"):
        BatchManager(settings=settings.model_copy(update={"logs": logs}), accounts=[])
    assert not (house.folder / "logs").exists()


def test_another_batch_of_the_step_gets_a_number_and_overwrites_nothing(house: House) -> None:
    manager = house.manager()

    results = [manager.run_single_step(1, quantity=1) for _ in range(3)]

    first = f"single_step_1_{manager.start_time}"
    assert [result.job_id for result in results] == [first, f"{first}_2", f"{first}_3"]
    assert [documents(manager, index)["job_id"] for index in range(3)] == [
        result.job_id for result in results
    ]


def test_two_runs_in_one_second_have_two_stamps(house: House) -> None:
    assert len({house.manager().start_time for _ in range(3)}) == 3


def test_one_accounts_failure_is_a_partial_success(house: House) -> None:
    house.refusals[ONE] = WRONG_PASSWORD
    result = house.manager().run_single_step(1, quantity=1)
    assert [job.status for job in result.jobs] == [JobStatus.FAILED, JobStatus.SUCCEEDED]
    assert result.verdict is Verdict.PARTIAL


def test_where_nothing_can_run_every_account_says_why_and_reports_are_written(
    house: House,
) -> None:
    house.site_problem = CannotRunError("사이트에 연결할 수 없습니다")
    manager = house.manager()

    result = manager.run_single_step(1, quantity=4)

    assert (result.could_run, result.verdict) == (False, Verdict.FAILED)
    for job in result.jobs:
        assert job.failure
        assert (job.attempts, job.failure.message) == (0, "사이트에 연결할 수 없습니다")
        assert (job.totals.requested, job.totals.not_attempted) == (4, 4)
    assert documents(manager)["verdict"] == "failed"
    batch_log = house.folder / "logs" / f"batch_processor_{manager.start_time}.log"
    assert "사이트에 연결할 수 없습니다" in batch_log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("limits", "reason", "text"),
    [
        ({"site_down_accounts": 3}, StopReason.SITE_DOWN, "사이트 장애로 보입니다"),
        ({"halt": "fail=50%"}, StopReason.HALTED, "배치를 멈춥니다 (--halt fail=50%)"),
    ],
)
def test_a_batch_that_is_of_no_use_leaves_the_rest_alone_and_the_report_says_why(
    house: House, limits: dict[str, Any], reason: StopReason, text: str
) -> None:
    users = tuple(f"user{number}@example.com" for number in range(5))
    house.refusals.update(dict.fromkeys(users, WorkError(FailureKind.TIMEOUT, "늦음")))
    manager = house.manager(accounts=users, concurrency=1, **limits)

    result = manager.run_single_step(1, quantity=2)

    assert [job.attempts for job in result.jobs] == [1, 1, 1, 0, 0]
    assert {job.stop_reason for job in result.jobs[3:]} == {reason}
    assert result.totals.not_attempted == 10
    assert text in (result.halted or "")
    document = documents(manager)
    assert document["halted"] == result.halted
    assert [shown["stop_reason"] for shown in document["accounts"][3:]] == [reason] * 2
    assert house.run(manager).batches[0].jobs[4].end is not None


@given(
    plan=st.lists(
        st.tuples(st.lists(st.sampled_from(ItemOutcome), max_size=4), st.booleans()),
        min_size=2,
        max_size=2,
    )
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_result_report_and_ledger_agree_and_every_item_is_counted_once(
    house: House, plan: list[tuple[list[ItemOutcome], bool]]
) -> None:
    of_account = dict(zip(USERS, plan, strict=True))

    async def work(ctx: StepContext) -> StopReason:
        outcomes, breaks_off = of_account[ctx.account.id]
        for number, outcome in enumerate(outcomes):
            await ctx.book.begin(product_key(number))
            await ctx.book.record(ItemResult(key=product_key(number), outcome=outcome))
        if breaks_off:
            await ctx.book.begin(product_key(99))
            raise WorkError(FailureKind.DATA, "고장")
        return StopReason.SOURCE_EMPTY

    house.work = work
    manager = house.manager()
    result = manager.run_single_step(1, quantity=6)

    record = house.run(manager)
    document = documents(manager)
    assert batch_result(record.plan, record.batches[0]) == result
    assert {name: document["totals"][name] for name in counts(result)} == counts(result)
    for job, (outcomes, breaks_off) in zip(result.jobs, plan, strict=True):
        known = counts(job)
        assert known.pop("requested") == sum(known.values()) == 6
        assert known["unknown"] == outcomes.count(ItemOutcome.UNKNOWN) + breaks_off


def test_the_json_report_says_what_the_result_says(house: House) -> None:
    house.refusals[TWO] = WRONG_PASSWORD
    house.work = mixed
    manager = house.manager()

    result = manager.run_single_step(1, quantity=5)

    document = documents(manager)
    assert document["totals"].items() >= counts(result).items()
    for shown, job in zip(document["accounts"], result.jobs, strict=True):
        assert {name: shown[name] for name in counts(job)} == counts(job)
        assert shown["account"] == job.account
        assert (shown["status"], shown["stop_reason"]) == (job.status, job.stop_reason)
        assert shown["failure_kind"] == (job.failure.kind if job.failure else None)
        assert shown["attempts"] == job.attempts
        assert [(item["key"], item["outcome"], item["reason"]) for item in shown["items"]] == [
            (item.key, item.outcome, item.reason) for item in job.items
        ]


async def mixed(ctx: StepContext) -> StopReason:
    for number, outcome in enumerate(ItemOutcome):
        key = product_key(number)
        await ctx.book.record(ItemResult(key=key, outcome=outcome, reason=f"{outcome} 이유"))
    return StopReason.SOURCE_EMPTY


def counts(part: BatchResult | JobResult) -> dict[str, int]:
    names = ("requested", "done", "failed", "skipped", "unknown", "not_attempted")
    return {name: getattr(part.totals, name) for name in names}


def documents(manager: BatchManager, index: int = 0) -> dict[str, Any]:
    path = manager.report_files[index].json
    assert path is not None
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_account_loggers_can_still_be_used_after_the_run(house: House) -> None:
    manager = house.manager()
    assert manager.account_loggers.get(ONE) is None
    manager.run_single_step(1, [ONE], 1)

    logger = manager.account_loggers.get(ONE)
    assert logger
    logger.info("사용자 정의 로그 메시지")
    logger.error("오류 메시지")

    logs = house.folder / "logs"
    log = (logs / "accounts" / manager.start_time / f"{ONE}.log").read_text(encoding="utf-8")
    errors = logs / "errors" / manager.start_time / f"{ONE}_errors.log"
    assert f"- INFO - [{ONE}] 사용자 정의 로그 메시지\n" in log
    assert errors.read_text(encoding="utf-8").endswith(f"- ERROR - [{ONE}] 오류 메시지\n")
    assert manager.account_loggers.get("x@example.com") is None


def test_the_summary_covers_all_batches(house: House) -> None:
    manager = house.manager()
    for _ in range(2):
        manager.run_single_step(1, quantity=1)

    path = manager.generate_summary_report()

    assert path.name == f"summary_report_{manager.start_time}.md"
    summary = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert [batch["job_id"] for batch in summary["batches"]] == [
        result.job_id for result in manager.results
    ]


def test_a_summary_that_cannot_be_written_says_so(house: House) -> None:
    manager = house.manager()
    reports = house.folder / "logs" / "reports"
    for folder in (reports / manager.start_time, reports):
        folder.rmdir()
    reports.write_text("", encoding="utf-8")
    with pytest.raises(CannotRunError, match="보고서를 쓰지 못했습니다"):
        manager.generate_summary_report()


def test_the_guides_calls_work_from_the_users_files(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("accounts.csv").write_text(f"id,password\n{ONE},p1\n{TWO},p2\n", encoding="utf-8")
    Path("percenty_batch.toml").write_text(
        'accounts_file = "accounts.csv"\nquantity = 2\n[logs]\nfolder = "logs"\n'
        "[state]\nshould_keep_sign_ins = false\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PERCENTY_JOBS__CONCURRENCY", "2")

    batch_manager = BatchManager()
    result = batch_manager.run_single_step(
        step=1, accounts=[ONE, TWO], quantity=100, concurrent=False
    )

    assert result.totals.done == 200
    assert batch_manager.run_single_step(1).totals.requested == 4
    assert batch_manager.generate_summary_report().exists()
    assert Path(f"logs/reports/{batch_manager.start_time}").is_dir()


def test_without_an_accounts_file_there_is_nothing_to_manage(house: House) -> None:
    with pytest.raises(InputError, match="accounts_file"):
        BatchManager()
    assert not Path("logs").exists()


def test_passwords_are_masked_in_logs_and_reports(house: House) -> None:
    house.refusals[ONE] = WorkError(FailureKind.DATA, "화면의 글: s3cret-canary")
    manager = house.manager()
    manager.run_single_step(1, quantity=1)

    root = house.folder / "logs"
    texts = [(root / name).read_text(encoding="utf-8") for name in house.files]
    assert any("화면의 글" in text for text in texts)
    assert not any("s3cret-canary" in text for text in texts)


def test_a_subscriber_hears_all_events_before_the_call_returns(house: House) -> None:
    heard: list[Event] = []
    manager = house.manager(accounts=(ONE,), on_event=heard.append)

    result = manager.run_single_step(1, quantity=1)

    last = heard[-1]
    assert isinstance(last, JobFinished)
    assert (last.job_id, last.result.items) == (result.job_id, result.jobs[0].items)
    assert "events" not in {thread.name for thread in threading.enumerate()}


def test_a_second_batch_at_the_same_time_is_refused(house: House) -> None:
    manager = house.manager()

    async def run_two_and_a_third() -> BatchResult:
        first, second = (
            asyncio.create_task(manager.run_step(1, quantity=1), name=f"batch {number}")
            for number in (1, 2)
        )
        with pytest.raises(InputError, match="이미 실행 중인 배치가 있습니다"):
            await second
        await first
        return await manager.run_step(1, quantity=1)

    assert asyncio.run(run_two_and_a_third()).verdict is Verdict.SUCCESS
    assert len(manager.results) == 2
