"""The page's charts as plain rectangles and lines, in a plot of 1000 × 100. Pure.

A plot is stretched to the width it gets, hence it holds no text: that stands beside it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from percenty_batch.models import BatchResult, ItemOutcome, JobResult
from percenty_batch.reports.texts import STATUSES, clock

WIDTH, HEIGHT = 1000, 100
MAX_ROWS = 40
_COLUMNS = 48
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
_DAY_S = 86400
_BINS_S = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A rectangle; `kind` is its class in the style sheet, `label` what a pointer over it tells."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One account's bar over the night."""

    account: str
    bar: Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars with what stands beside them: the highest value, and marks along the bottom."""

    bars: tuple[Bar, ...]
    top: str
    ticks: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The run over time. `rows` are the first accounts to begin; `rows_left_off` how many more."""

    rows: tuple[Row, ...]
    rows_left_off: int
    ticks: tuple[str, ...]
    at_work: Chart
    done: Chart
    durations: Chart


def timeline_of(results: Sequence[BatchResult]) -> Timeline | None:
    """Draw a run; None when no account was opened, or nobody knows when."""
    jobs = [job for result in results for job in result.jobs if job.started_at and job.finished_at]
    if not jobs:
        return None
    axis = _axis(jobs)
    shown = sorted(jobs, key=_begin)[:MAX_ROWS]
    return Timeline(
        rows=tuple(Row(account=job.account, bar=_span(job, axis)) for job in shown),
        rows_left_off=len(jobs) - len(shown),
        ticks=axis.ticks,
        at_work=_at_work(jobs, axis),
        done=_done(jobs, axis),
        durations=_durations(jobs),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    begin: datetime
    step_s: int
    columns: int

    @property
    def edges(self) -> list[datetime]:
        return [self.begin + timedelta(seconds=self.step_s * n) for n in range(self.columns + 1)]

    @property
    def ticks(self) -> tuple[str, ...]:
        """Five times from the left edge to the right one."""
        whole = timedelta(seconds=self.step_s * self.columns)
        times = [self.begin + whole * part / 4 for part in range(5)]
        return tuple(clock(at)[: 8 if whole < timedelta(minutes=20) else 5] for at in times)

    def x(self, at: datetime) -> float:
        share = (at - self.begin).total_seconds() / (self.step_s * self.columns)
        return WIDTH * min(max(share, 0.0), 1.0)


def _axis(jobs: Sequence[JobResult]) -> _Axis:
    """Cover the night with at most 48 columns of a round length."""
    begin, end = min(map(_begin, jobs)), max(map(_end, jobs))
    length_s = max((end - begin).total_seconds(), 1.0)
    long_s = _DAY_S * (1 + int(length_s / _COLUMNS / _DAY_S))
    step_s = next((step for step in _STEPS_S if length_s / step <= _COLUMNS), long_s)
    return _Axis(begin=begin, step_s=step_s, columns=int(length_s // step_s) + 1)


def _span(job: JobResult, axis: _Axis) -> Bar:
    left, right = axis.x(_begin(job)), axis.x(_end(job))
    return bar(
        left,
        0,
        max(right - left, 3.0),
        HEIGHT,
        job.status.value,
        f"{job.account}: {clock(_begin(job))}–{clock(_end(job))}, {STATUSES[job.status][1]},"
        f" 처리 {job.totals.done}개",
    )


def _at_work(jobs: Sequence[JobResult], axis: _Axis) -> Chart:
    begins, ends = sorted(map(_begin, jobs)), sorted(map(_end, jobs))
    edges = axis.edges
    counts = [
        bisect_left(begins, right) - bisect_left(ends, left) for left, right in pairwise(edges)
    ]
    return _columns(counts, axis, "work", "계정 {}개")


def _done(jobs: Iterable[JobResult], axis: _Axis) -> Chart:
    done = [item for job in jobs for item in job.items if item.outcome is ItemOutcome.DONE]
    times = [item.recorded_at for item in done if item.recorded_at]
    counts = [0] * axis.columns
    edges = axis.edges
    for at in times:
        counts[min(max(bisect_right(edges, at) - 1, 0), axis.columns - 1)] += 1
    chart = _columns(counts, axis, "done", "처리 {}개")
    untimed = len(done) - len(times)
    note = f"시각을 알 수 없는 {untimed}개는 그림에 없습니다" if untimed else ""
    return Chart(bars=chart.bars, top=chart.top, ticks=chart.ticks, note=note)


def _durations(jobs: Iterable[JobResult]) -> Chart:
    taken = sorted(job.duration_s for job in jobs)
    limits = [0.0, *_BINS_S, float("inf")]
    cuts = [bisect_left(taken, limit) for limit in limits]
    counts = [high - low for low, high in pairwise(cuts)]
    used = [n for n, count in enumerate(counts) if count]
    first, last = (used[0], used[-1]) if used else (0, 0)
    names = [_bin_name(n) for n in range(first, last + 1)]
    bars = _bars(counts[first : last + 1], names, "work", "계정 {}개")
    middle, most = taken[len(taken) // 2], taken[-1]
    note = f"중앙값 {spoken(middle)}, 가장 긴 계정 {spoken(most)}"
    return Chart(bars=bars, top=str(max(counts)), ticks=tuple(names), note=note)


def spoken(seconds: float) -> str:
    """Write a duration for people: `42초`, `3분 5초`, `2시간 10분`."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f}초" if seconds < 10 else f"{whole}초"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}분 {rest}초" if rest else f"{minutes}분"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}시간 {minutes}분" if minutes else f"{hours}시간"


def _bin_name(index: int) -> str:
    if index == len(_BINS_S):
        return f"{spoken(_BINS_S[-1])}+"
    return f"<{spoken(float(_BINS_S[index]))}".replace(".0초", "초")


def _columns(counts: Sequence[int], axis: _Axis, kind: str, text: str) -> Chart:
    names = [f"{clock(edge)}부터" for edge in axis.edges[:-1]]
    bars = _bars(counts, names, kind, text)
    return Chart(bars=bars, top=str(max(counts, default=0)), ticks=axis.ticks)


def _bars(counts: Sequence[int], names: Sequence[str], kind: str, text: str) -> tuple[Bar, ...]:
    width = WIDTH / max(len(counts), 1)
    most = max(counts, default=0) or 1
    return tuple(
        bar(
            n * width + width * 0.08,
            HEIGHT - HEIGHT * count / most,
            width * 0.84,
            HEIGHT * count / most,
            kind,
            f"{name}: {text.format(count)}",
        )
        for n, (count, name) in enumerate(zip(counts, names, strict=True))
        if count
    )


def shares(parts: Sequence[tuple[str, int, str]]) -> tuple[Bar, ...]:
    """Lay parts (class, count, name) side by side over the whole width."""
    whole = sum(count for _, count, _ in parts) or 1
    bars: list[Bar] = []
    before = 0
    for kind, count, name in parts:
        if count:
            left, width = WIDTH * before / whole, WIDTH * count / whole
            bars.append(bar(left, 0, width, HEIGHT, kind, f"{name} {count}개"))
        before += count
    return tuple(bars)


def bar(x: float, y: float, width: float, height: float, kind: str, label: str) -> Bar:
    """Make a rectangle whose edges are rounded to a tenth, so that pages stay small."""
    return Bar(
        x=round(x, 1),
        y=round(y, 1),
        width=round(width, 1),
        height=round(height, 1),
        kind=kind,
        label=label,
    )


def _begin(job: JobResult) -> datetime:
    if job.started_at is None:
        raise ValueError("not begun")
    return job.started_at


def _end(job: JobResult) -> datetime:
    """A clock that was set back meanwhile makes no bar of a negative width."""
    return max(job.finished_at or _begin(job), _begin(job))
