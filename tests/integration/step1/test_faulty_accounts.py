"""Five accounts at once, most of them broken: what each is worth, by report and by record."""

import re
from collections.abc import Iterator

import pytest

from percenty_batch import ItemOutcome, JobResult, StopReason, Verdict
from percenty_batch.reports.views import source_agrees
from percenty_batch.sandbox import Product
from tests.integration.step1.faulty import (
    ACCOUNTS,
    CANARY,
    EXPECTED,
    IDS,
    PLENTY,
    Expected,
    faulty_run,
)
from tests.integration.step1.running import LINE, Run

ENDS_CLEAN = [each for each in IDS if EXPECTED[each].stop is not StopReason.ERROR]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return faulty_run(tmp_path_factory.mktemp("faulty"))


def edited(run: Run, account: str) -> Iterator[tuple[Product, Product]]:
    """The products that were written to, as they were and as they are, in the order of the work."""
    before = {product.key: product for product in run.before[account]}
    keys = dict.fromkeys(
        change.product for change in run.record if change.account == account and change.product
    )
    after = {product.key: product for product in run.after[account]}
    return ((before[key], after[key]) for key in keys if key in after)


def letter_of(before: Product, after: Product) -> str:
    """The letter behind the name; a digit may follow it."""
    stem = re.sub(r"^명품 \S+ ", "", before.name)
    match = re.fullmatch(rf".*{re.escape(stem[-20:])}([A-Z])[1-5]?", after.name)
    return match[1] if match else ""


@pytest.mark.parametrize("account", IDS)
def test_each_account_ends_as_its_fault_makes_it_end(run: Run, account: str) -> None:
    job = run.job(account)

    assert EXPECTED[account] == Expected(
        status=job.status,
        done=job.totals.done,
        failed=job.totals.failed,
        unknown=job.totals.unknown,
        failure=job.failure.kind if job.failure else None,
        attempts=job.attempts,
        stop=job.stop_reason,
        letters=EXPECTED[account].letters,
    )


@pytest.mark.parametrize("account", IDS)
def test_what_is_reported_as_done_is_what_the_site_recorded(run: Run, account: str) -> None:
    told = [run.job(account, batch) for batch in (0, 1) if account == PLENTY or batch]
    done = {i.key: i.moved_to for j in told for i in j.items if i.outcome is ItemOutcome.DONE}

    assert done == {change.product: change.after for change in run.changes(account, "group")}


def test_the_report_file_tells_the_same_totals_and_they_add_up(run: Run) -> None:
    report = run.report()

    for entry in report["accounts"]:
        expected = EXPECTED[entry["account"]]
        assert (entry["status"], entry["done"], entry["failed"]) == (
            expected.status,
            expected.done,
            expected.failed,
        )
        worked = entry["done"] + entry["failed"] + entry["skipped"] + entry["unknown"]
        assert worked == len(entry["items"])
        assert worked + entry["not_attempted"] == entry["requested"] == 5
    for count in ("requested", "done", "failed", "skipped", "unknown", "not_attempted"):
        assert report["totals"][count] == sum(entry[count] for entry in report["accounts"])
    assert [entry["account"] for entry in report["accounts"]] == list(IDS)


def test_one_broken_account_makes_the_batch_a_partial_success(run: Run) -> None:
    assert [result.verdict for result in run.results] == [Verdict.SUCCESS, Verdict.PARTIAL]


def test_the_quantity_ends_the_work_with_the_newest_products_done(run: Run) -> None:
    job = run.job(PLENTY, batch=0)
    newest = [product.key for product in run.before[PLENTY][:1]]

    assert job.stop_reason is StopReason.QUANTITY_REACHED
    assert [item.key for item in job.items] == newest
    assert (job.source_before, job.source_after) == (2, 1)


def test_a_second_batch_goes_on_with_what_the_first_one_left(run: Run) -> None:
    first, second = (run.job(PLENTY, batch) for batch in (0, 1))

    assert {item.key for item in first.items}.isdisjoint(item.key for item in second.items)
    assert run.results[1].job_id == f"{run.results[0].job_id}_2"
    assert len(run.changes(PLENTY, "group")) == 2


@pytest.mark.parametrize("account", ENDS_CLEAN)
def test_the_lists_own_counts_agree_with_what_was_done(run: Run, account: str) -> None:
    job = run.job(account)
    left = len(run.changes(account, "group"))
    earlier = 1 if account == PLENTY else 0

    assert source_agrees(job)
    assert job.source_before == sum(p.group is None for p in run.before[account]) - earlier
    assert job.source_before is not None
    assert job.source_after == job.source_before - (left - earlier)


@pytest.mark.parametrize("account", IDS)
def test_no_edit_is_applied_twice(run: Run, account: str) -> None:
    for before, after in edited(run, account):
        for what in ("memo", "name", "detail_html", "group"):
            if what != "name" or "명품" not in before.name:
                assert len(run.changes(account, what, before.key)) <= 1
        assert after.memo in (before.memo, f"{before.memo}-S")
        assert after.detail_html.count(before.memo) <= 1


@pytest.mark.parametrize("account", IDS)
def test_the_letters_go_on_from_product_to_product(run: Run, account: str) -> None:
    letters = [letter_of(before, after) for before, after in edited(run, account)]

    assert "".join(letters) == EXPECTED[account].letters


@pytest.mark.parametrize("account", IDS)
def test_a_moved_product_has_everything_that_the_step_promises(run: Run, account: str) -> None:
    for before, after in edited(run, account):
        if after.group is not None:
            assert after.memo == f"{before.memo}-S"
            assert after.is_memo_shown
            assert after.detail_html.count(before.memo) == 1
            assert after.images == before.images
            assert after.model == (None if before.model is None else before.memo)
            assert "명품" not in after.name


def test_a_duplicate_name_gets_a_digit_behind_its_letter(run: Run) -> None:
    account = "troubled@example.com"
    ((before, after),) = edited(run, account)

    assert after.name == f"{before.name}A1"


def test_a_wrong_password_is_tried_once_and_the_wrong_account_is_left_alone(run: Run) -> None:
    assert [c.after for c in run.changes("wrong-password@example.com", "sign_in")] == [
        "wrong_password"
    ]
    assert [c.what for c in run.record if c.account == "wrong-account@example.com"] == ["sign_in"]


@pytest.mark.parametrize("account", IDS)
def test_an_accounts_files_hold_its_own_lines_and_no_others(run: Run, account: str) -> None:
    lines = run.lines(account)
    others = [f"[{other}]" for other in IDS if other != account]

    assert lines
    assert all(LINE.fullmatch(line) and f" - [{account}] " in line for line in lines)
    assert not any(other in line for line in lines for other in others)


@pytest.mark.parametrize("account", IDS)
def test_the_error_file_holds_exactly_the_accounts_errors(run: Run, account: str) -> None:
    errors = [line for line in run.lines(account) if " - ERROR - " in line.partition("[")[0]]

    assert run.error_lines(account) == errors
    assert bool(errors) == _fell_short(run.job(account))


def _fell_short(job: JobResult) -> bool:
    """A trouble that a further attempt got over is a warning, and no error."""
    return job.failure is not None or job.totals.failed > 0


@pytest.mark.parametrize("account", IDS)
def test_the_batch_log_holds_every_line_of_every_account_in_order(run: Run, account: str) -> None:
    mine = [line for line in run.batch_lines() if f" - [{account}] " in line]

    assert mine == run.lines(account)
    assert all(LINE.fullmatch(line) for line in run.batch_lines())


def test_no_password_stands_in_any_file(run: Run) -> None:
    files = [path for path in run.folder.rglob("*") if path.is_file()]

    assert len(files) > 2 * len(ACCOUNTS)
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_the_tree_is_the_guides(run: Run) -> None:
    logs, stamp = run.folder / "logs", run.stamp
    reports = [f"batch_report_{result.job_id}" for result in run.results]

    files = {path.relative_to(logs).as_posix() for path in logs.rglob("*") if path.is_file()}
    assert {file for file in files if not file.startswith("evidence/")} == {
        "ledger.sqlite3",
        f"batch_processor_{stamp}.log",
        *(f"accounts/{stamp}/{account}.log" for account in IDS),
        *(f"errors/{stamp}/{account}_errors.log" for account in IDS),
        *(
            f"reports/{stamp}/{name}.{kind}"
            for name in (*reports, f"summary_report_{stamp}")
            for kind in ("md", "json")
        ),
        f"reports/{stamp}/summary_report_{stamp}.html",
    }


def test_every_piece_of_evidence_is_named_by_the_report_of_its_account(run: Run) -> None:
    logs = run.folder / "logs"
    named = {
        file: job.account
        for result in run.results
        for job in result.jobs
        for file in (*job.evidence, *(file for item in job.items for file in item.evidence))
    }
    there = {path.relative_to(logs).as_posix() for path in logs.glob("evidence/*/*/*")}

    assert there
    assert there == set(named)
    assert all(f"/{account}/" in file for file, account in named.items())


def test_no_context_and_no_process_is_left(run: Run) -> None:
    assert run.open_contexts == [0, 0]
    assert run.orphans == []


def test_a_sign_in_is_kept_only_of_accounts_that_are_signed_in(run: Run) -> None:
    signed_in = [each for each in ACCOUNTS if EXPECTED[each.id].done]
    kept = list((run.folder / "state").rglob("*.json"))

    assert 0 < len(kept) <= len(signed_in)


def test_all_batches_of_a_run_bear_its_stamp(run: Run) -> None:
    assert re.fullmatch(r"\d{8}_\d{6}", run.stamp)
    assert all(result.stamp == run.stamp for result in run.results)
