"""Progress of a batch: live bars on a terminal, plain lines everywhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from percenty_batch.cli.outcome import reason, status_mark
from percenty_batch.events import Event, ItemDone, JobFinished, JobStarted, Subscriber
from percenty_batch.logs import one_line
from percenty_batch.models import JobResult, JobStatus

# One product takes about a minute: a rate over seconds would mostly be none at all.
_RATE_PERIOD_S = 600.0

WriteLine = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """Where a run shows itself: it hears events, and takes further lines."""

    on_event: Subscriber
    write_line: WriteLine


@contextmanager
def showing_progress(
    job_count: int, mask: Callable[[str], str] = str, *, names_steps: bool = False
) -> Iterator[Display]:
    """Show progress on stderr while the block is open. `mask` takes secrets out of every line.

    `job_count` is how many jobs there are: accounts, or with several steps accounts times steps.
    """
    console = Console(stderr=True)
    if not sys.stderr.isatty() or console.is_dumb_terminal:
        plain = PlainProgress(job_count, _echo, mask, names_steps=names_steps)
        yield Display(on_event=plain, write_line=_echo)
        return
    live = LiveProgress(job_count, console, mask, names_steps=names_steps)
    with live.bars:
        yield Display(on_event=live, write_line=live.write_line)


class PlainProgress:
    """A subscriber that writes one line for each finished job."""

    def __init__(
        self,
        job_count: int,
        write_line: WriteLine,
        mask: Callable[[str], str] = str,
        *,
        names_steps: bool = False,
    ) -> None:
        self._job_count = job_count
        self._finished_count = 0
        self._write_line = write_line
        self._mask = mask
        self._names_steps = names_steps

    def __call__(self, event: Event) -> None:
        if isinstance(event, JobFinished):
            self._finished_count += 1
            step = f"[{event.result.step}] " if self._names_steps else ""
            line = one_line(self._mask(finished_line(event.result)))
            self._write_line(f"[{self._finished_count}/{self._job_count}] {step}{line}")


class LiveProgress:
    """A subscriber that keeps a bar for each running account below one for all of them.

    A finished account leaves its line above the bars; rich cuts the bars at the screen's height.
    """

    def __init__(
        self,
        job_count: int,
        console: Console,
        mask: Callable[[str], str] = str,
        *,
        names_steps: bool = False,
    ) -> None:
        self.bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            speed_estimate_period=_RATE_PERIOD_S,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        label = "전체 작업" if names_steps else "전체 계정"
        self._all = self.bars.add_task(label, total=job_count)
        self._running: dict[str, TaskID] = {}
        self._plain = PlainProgress(job_count, self.write_line, mask, names_steps=names_steps)

    def __call__(self, event: Event) -> None:
        match event:
            case JobStarted(account=account, requested=requested):
                if account not in self._running:  # else: a further attempt goes on with its bar
                    self._running[account] = self.bars.add_task(one_line(account), total=requested)
            case ItemDone(account=account, index=index):
                self.bars.update(self._running[account], completed=index)
            case JobFinished(result=result):
                if result.account in self._running:
                    self.bars.remove_task(self._running.pop(result.account))
                self.bars.advance(self._all)
        self._plain(event)

    def write_line(self, line: str) -> None:
        self.bars.console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)


class _Rate(ProgressColumn):
    """Items per minute."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed * 60:.1f}/분" if task.speed else "-/분")


def finished_line(job: JobResult) -> str:
    """Tell how one account ended."""
    counts = f"처리 {job.totals.done}개, 실패 {job.totals.failed}개 ({job.duration_s:.1f}초)"
    why = "" if job.status is JobStatus.SUCCEEDED else f" - {reason(job)}"
    return f"{status_mark(job.status)} {job.account}: {counts}{why}"


def _echo(line: str) -> None:
    click.echo(line, err=True)
