from datetime import UTC, datetime, timedelta

import pytest

from percenty_batch.logs.retention import Deed, RunFacts, TidyPlan, tidy_plan
from percenty_batch.logs.tree import FileKind, StoredFile
from percenty_batch.settings import RetentionSettings

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
OLD, NEW = "20260101_020000", "20260531_020000"
MB = 1024 * 1024


def stored(path: str, kind: FileKind, *, stem: str | None = None, size: int = 1000) -> StoredFile:
    return StoredFile(
        path=path,
        stamp=NEW if NEW in path else OLD,
        kind=kind,
        size=size,
        modified_ns=int((NOW - timedelta(days=3)).timestamp()) * 1_000_000_000,
        stem=stem,
    )


GOOD = stored(f"accounts/{OLD}/good.log", FileKind.LOG, stem="good")
GOOD_ERRORS = stored(f"errors/{OLD}/good_errors.log", FileKind.ERRORS, stem="good")
BAD = stored(f"accounts/{OLD}/bad.log", FileKind.LOG, stem="bad")
PACKED = stored(f"accounts/{OLD}/bad.log.zst", FileKind.LOG, stem="bad")
BATCH = stored(f"batch_processor_{OLD}.log", FileKind.BATCH)
EVIDENCE = stored(f"evidence/{OLD}/bad/1.png", FileKind.EVIDENCE)
REPORT = stored(f"reports/{OLD}/summary_report_{OLD}.md", FileKind.REPORT)
MARK = stored(f"reports/{OLD}/.stale", FileKind.MARK)
DRAFT = stored(f"accounts/{OLD}/.bad.log.tmp.zst", FileKind.DRAFT)
FOLDER = stored(f"errors/{OLD}", FileKind.FOLDER, size=0)
NEWEST = stored(f"accounts/{NEW}/good.log", FileKind.LOG, stem="good")
EVERYTHING = [GOOD, GOOD_ERRORS, BAD, BATCH, EVIDENCE, REPORT]


def planned(
    *files: StoredFile, days: float, has_failed: bool = True, is_held: bool = False, **rules: int
) -> TidyPlan:
    """Plan for an old run that ended so many days ago; there is a newer one."""
    facts = RunFacts(
        run_id=OLD,
        stamp=OLD,
        ended_at=NOW - timedelta(days=days),
        succeeded=frozenset({"good"}),
        has_failed=has_failed,
        is_held=is_held,
    )
    settings = RetentionSettings.model_validate(rules)
    return tidy_plan([*files, NEWEST], {OLD: facts}, settings, NOW)


def deeds(plan: TidyPlan) -> list[tuple[Deed, str]]:
    return [(step.deed, step.path) for step in plan.steps]


def test_nothing_is_done_to_a_run_that_ended_a_moment_ago() -> None:
    assert deeds(planned(*EVERYTHING, days=1.9)) == []


def test_logs_are_compressed_after_some_days_and_the_reports_then_written_again() -> None:
    assert deeds(planned(*EVERYTHING, days=2.1)) == [
        (Deed.MARK, MARK.path),
        (Deed.PACK, GOOD.path),
        (Deed.PACK, GOOD_ERRORS.path),
        (Deed.PACK, BAD.path),
        (Deed.PACK, BATCH.path),
        (Deed.RENDER, MARK.path),
    ]


def test_what_is_compressed_already_stays_as_it_is() -> None:
    assert deeds(planned(PACKED, REPORT, days=3)) == []


def test_an_account_that_succeeded_goes_earlier_than_one_that_failed() -> None:
    assert deeds(planned(*EVERYTHING, days=15, compress_after_days=100)) == [
        (Deed.MARK, MARK.path),
        (Deed.DELETE, GOOD.path),
        (Deed.DELETE, GOOD_ERRORS.path),
        (Deed.RENDER, MARK.path),
    ]


def test_evidence_goes_by_its_own_limit_and_the_reports_no_longer_link_it() -> None:
    assert deeds(planned(PACKED, EVIDENCE, REPORT, days=31)) == [
        (Deed.MARK, MARK.path),
        (Deed.DELETE, EVIDENCE.path),
        (Deed.RENDER, MARK.path),
    ]


def test_of_a_run_that_failed_everything_is_deleted_in_the_end_the_reports_last() -> None:
    plan = planned(PACKED, BATCH, EVIDENCE, REPORT, MARK, days=91)
    assert deeds(plan) == [
        (Deed.DELETE, file.path) for file in (PACKED, BATCH, EVIDENCE, REPORT, MARK)
    ]


def test_of_a_run_that_succeeded_everything_but_evidence_goes_with_the_logs() -> None:
    plan = planned(GOOD, BATCH, REPORT, days=15, has_failed=False)
    assert deeds(plan) == [(Deed.DELETE, file.path) for file in (GOOD, BATCH, REPORT)]


def test_a_tidy_that_was_killed_before_the_reports_is_taken_up() -> None:
    assert deeds(planned(PACKED, REPORT, MARK, days=3)) == [(Deed.RENDER, MARK.path)]


def test_half_a_compressed_file_and_an_empty_folder_are_removed() -> None:
    assert deeds(planned(DRAFT, days=0)) == [(Deed.DELETE, DRAFT.path)]
    assert deeds(planned(FOLDER, days=1)) == []
    assert deeds(planned(FOLDER, days=91)) == [(Deed.DELETE, FOLDER.path)]


def test_a_run_that_somebody_works_at_and_the_newest_are_left_alone() -> None:
    plan = planned(*EVERYTHING, days=1000, is_held=True, max_files=1)
    assert deeds(plan) == []
    assert [(kept.stamp, kept.why) for kept in plan.kept] == [
        (OLD, "실행 중"),
        (NEW, "가장 최근 실행"),
    ]


def test_a_run_that_the_ledger_does_not_know_is_left_alone_unless_it_is_asked_for() -> None:
    rules = RetentionSettings()
    files = [BAD, REPORT, NEWEST]
    plan = tidy_plan(files, {}, rules, NOW)
    assert plan.steps == ()
    assert plan.kept[0].why == "원장에 없는 실행 (--unknown으로 포함)"

    asked = tidy_plan(files, {}, rules, NOW, should_touch_unknown=True)
    assert deeds(asked) == [(Deed.PACK, BAD.path)]  # its reports cannot be written again


@pytest.mark.parametrize(
    "rules", [{"max_files": 2}, {"max_mb": 1}], ids=["too many files", "too many bytes"]
)
def test_over_a_limit_the_oldest_runs_go_as_a_whole(rules: dict[str, int]) -> None:
    big = stored(PACKED.path, FileKind.LOG, stem="bad", size=MB)
    plan = planned(big, REPORT, days=1, has_failed=True, is_held=False, **rules)
    assert deeds(plan) == [(Deed.DELETE, big.path), (Deed.DELETE, REPORT.path)]
    assert {step.why for step in plan.steps} == {"용량 한도"}


def test_the_limits_count_what_is_left_after_the_other_steps() -> None:
    log = stored(BAD.path, FileKind.LOG, stem="bad", size=4 * MB)
    assert deeds(planned(log, days=3, max_mb=1)) == [(Deed.PACK, log.path)]
    plan = planned(GOOD, PACKED, days=15, max_files=2)
    assert deeds(plan) == [(Deed.DELETE, GOOD.path)]


def test_the_same_folder_gives_the_same_plan() -> None:
    shuffled = planned(*reversed(EVERYTHING), days=15)
    assert {*deeds(shuffled)} == {*deeds(planned(*EVERYTHING, days=15))}
