"""Which files of which runs are compressed and deleted. Pure: the plan is made before anything."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from percenty_batch.logs.tree import STALE_MARK, FileKind, StoredFile
from percenty_batch.settings import RetentionSettings

MB = 1024 * 1024

_SHRINKS_TO = 5  # what is compressed counts a fifth for the limits; the next tidy sees the truth
_LOGS = frozenset({FileKind.LOG, FileKind.ERRORS, FileKind.BATCH})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What the ledger knows of a run. `succeeded`: the file stems of accounts that did in full.

    `is_held`: somebody works at it now. `has_failed` is false only when every account succeeded.
    """

    run_id: str
    stamp: str
    ended_at: datetime
    succeeded: frozenset[str]
    has_failed: bool
    is_held: bool = False


class Deed(StrEnum):
    """What a step of the plan does."""

    MARK = "mark"  # remember that the run's reports are to be written again
    PACK = "pack"
    DELETE = "delete"
    RENDER = "render"  # write the run's reports again, then forget the mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `path` is relative to the log folder; `why` is Korean."""

    deed: Deed
    stamp: str
    path: str
    size: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A run that is left alone, and why (Korean)."""

    stamp: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyPlan:
    """Steps, run by run from the oldest on; the runs among them; and those left alone."""

    steps: tuple[Step, ...]
    kept: tuple[Kept, ...]

    @property
    def by_run(self) -> dict[str, list[Step]]:
        runs: dict[str, list[Step]] = defaultdict(list)
        for step in self.steps:
            runs[step.stamp].append(step)
        return dict(runs)


def tidy_plan(
    files: Sequence[StoredFile],
    runs: Mapping[str, RunFacts],
    rules: RetentionSettings,
    now: datetime,
    *,
    should_touch_unknown: bool = False,
) -> TidyPlan:
    """Plan over all `files` of a log folder; `runs` are those of the ledger, by stamp.

    The newest run and one that somebody works at are never touched, one that the ledger does
    not know only with `should_touch_unknown`: then by the time of its newest file, as a failure.
    """
    by_stamp: dict[str, list[StoredFile]] = defaultdict(list)
    for file in files:
        by_stamp[file.stamp].append(file)
    newest = max(by_stamp, default="")
    steps: dict[str, list[Step]] = {}
    kept = []
    for stamp in sorted(by_stamp):
        facts = runs.get(stamp) or _unknown(stamp, by_stamp[stamp])
        why = _exempt(facts, newest, is_known=stamp in runs or should_touch_unknown)
        if why:
            kept.append(Kept(stamp=stamp, why=why))
        else:
            steps[stamp] = list(_aged(by_stamp[stamp], facts, rules, now, stamp in runs))
    _hold_limits(by_stamp, steps, rules)
    return TidyPlan(steps=tuple(each for run in steps.values() for each in run), kept=tuple(kept))


def _unknown(stamp: str, files: Sequence[StoredFile]) -> RunFacts:
    newest_ns = max(file.modified_ns for file in files)
    ended_at = datetime.fromtimestamp(newest_ns // 1_000_000_000, UTC)
    return RunFacts(
        run_id=stamp, stamp=stamp, ended_at=ended_at, succeeded=frozenset(), has_failed=True
    )


def _exempt(facts: RunFacts, newest: str, *, is_known: bool) -> str | None:
    if facts.stamp == newest:
        return "가장 최근 실행"
    if facts.is_held:
        return "실행 중"
    return None if is_known else "원장에 없는 실행 (--unknown으로 포함)"


def _aged(
    files: Sequence[StoredFile],
    facts: RunFacts,
    rules: RetentionSettings,
    now: datetime,
    is_known: bool,
) -> Iterator[Step]:
    """Give the steps that the run's age asks for."""
    age = now - facts.ended_at
    found = [step for file in _in_order(files) if (step := _step(file, facts, rules, age))]
    steps = sorted(found, key=lambda step: step.deed is Deed.PACK)  # first of all, make room
    gone = {step.path for step in steps if step.deed is Deed.DELETE}
    has_reports = any(file.kind is FileKind.REPORT and file.path not in gone for file in files)
    is_marked = any(file.kind is FileKind.MARK and file.path not in gone for file in files)
    changed = any(_changes_reports(step) for step in steps)
    if not (is_known and has_reports and (changed or is_marked)):
        yield from steps
        return
    path = f"reports/{facts.stamp}/{STALE_MARK}"
    why = "보고서가 가리키는 파일이 바뀜"
    if not is_marked:
        yield Step(deed=Deed.MARK, stamp=facts.stamp, path=path, size=0, why=why)
    yield from steps
    yield Step(deed=Deed.RENDER, stamp=facts.stamp, path=path, size=0, why=why)


def _in_order(files: Sequence[StoredFile]) -> list[StoredFile]:
    """Put the reports last: while anything of a run is there, they are."""
    late = {FileKind.REPORT: 1, FileKind.MARK: 2}
    return sorted(files, key=lambda file: late.get(file.kind, 0))


def _step(
    file: StoredFile, facts: RunFacts, rules: RetentionSettings, age: timedelta
) -> Step | None:
    if file.kind is FileKind.DRAFT:
        return _delete(file, "중단된 압축이 남긴 파일")
    days, what = _limit(file, facts, rules)
    if age > timedelta(days=days):
        return _delete(file, f"{what} {days:g}일 지남")
    is_old = age > timedelta(days=rules.compress_after_days)
    if file.kind in _LOGS and not file.is_packed and is_old:
        why = f"끝난 지 {rules.compress_after_days:g}일 지남"
        return Step(deed=Deed.PACK, stamp=file.stamp, path=file.path, size=file.size, why=why)
    return None


def _limit(file: StoredFile, facts: RunFacts, rules: RetentionSettings) -> tuple[float, str]:
    """Give how many days a file is kept, and as what."""
    if file.kind is FileKind.EVIDENCE:
        return rules.evidence_days, "증거"
    has_failed = facts.has_failed if file.stem is None else file.stem not in facts.succeeded
    return (rules.failure_days, "실패") if has_failed else (rules.success_days, "성공")


def _delete(file: StoredFile, why: str) -> Step:
    return Step(deed=Deed.DELETE, stamp=file.stamp, path=file.path, size=file.size, why=why)


def _changes_reports(step: Step) -> bool:
    """Tell whether a report may name the file."""
    return step.deed is Deed.PACK or step.path.startswith(("accounts/", "errors/", "evidence/"))


def _hold_limits(
    by_stamp: Mapping[str, Sequence[StoredFile]],
    steps: dict[str, list[Step]],
    rules: RetentionSettings,
) -> None:
    """Delete whole runs, the oldest first, while the rest is more than the limits allow."""
    left = {stamp: _left(files, steps.get(stamp, ())) for stamp, files in by_stamp.items()}
    size = sum(size for size, _ in left.values())
    count = sum(count for _, count in left.values())
    for stamp in sorted(steps):
        if not _is_over(size, count, rules):
            return
        run_size, run_count = left[stamp]
        if run_count:
            size, count = size - run_size, count - run_count
            steps[stamp] = [_delete(file, "용량 한도") for file in _in_order(by_stamp[stamp])]


def _left(files: Sequence[StoredFile], steps: Sequence[Step]) -> tuple[int, int]:
    """Give the bytes and the number of a run's files after the steps."""
    deeds = {step.path: step.deed for step in steps}
    kept = [file for file in files if deeds.get(file.path) is not Deed.DELETE]
    sizes = (
        file.size // _SHRINKS_TO if deeds.get(file.path) is Deed.PACK else file.size
        for file in kept
    )
    return sum(sizes), sum(file.kind is not FileKind.FOLDER for file in kept)


def _is_over(size: int, count: int, rules: RetentionSettings) -> bool:
    is_too_big = rules.max_mb is not None and size > rules.max_mb * MB
    return is_too_big or (rules.max_files is not None and count > rules.max_files)
