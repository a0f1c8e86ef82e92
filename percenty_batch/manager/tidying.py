"""Old logs compressed and deleted: what the ledger knows, brought together with the log folder."""

import asyncio
import socket
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import Event

from percenty_batch.errors import CannotRunError, LeaseHeldError, os_reason
from percenty_batch.jobs import leased
from percenty_batch.ledger import (
    Ledger,
    RunPlan,
    RunRecord,
    Start,
    has_ledger,
    open_ledger,
    this_process,
)
from percenty_batch.logs import (
    RunFacts,
    Step,
    Tidied,
    TidyPlan,
    carry_out,
    file_stem,
    stored_files,
    tidy_plan,
)
from percenty_batch.manager.reporting import report_again
from percenty_batch.manager.signals import stopping_on_signals
from percenty_batch.settings import Settings

_EVERY_RUN = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidying:
    """A plan, and what came of it (None: it was only looked at)."""

    plan: TidyPlan
    result: Tidied | None = None


def tidy_logs(
    settings: Settings, *, should_touch_unknown: bool = False, is_dry_run: bool = False
) -> Tidying:
    """Compress and delete what is old in the log folder; Ctrl-C and SIGTERM leave the rest.

    Raises CannotRunError when the folder or the ledger cannot be read.
    """
    stop = Event()

    async def main() -> Tidying:
        with stopping_on_signals(lambda _number: stop.set()):
            async with _ledger_if_any(settings) as ledger:
                tidy = _Tidy(settings, ledger, stop)
                plan = await tidy.plan(should_touch_unknown=should_touch_unknown)
                if is_dry_run:
                    return Tidying(plan=plan)
                return Tidying(plan=plan, result=await tidy.work(plan))

    return asyncio.run(main())


@asynccontextmanager
async def _ledger_if_any(settings: Settings) -> AsyncIterator[Ledger | None]:
    if not has_ledger(settings.ledger, settings.logs.folder):
        yield None
        return
    async with open_ledger(settings.ledger, settings.logs.folder) as ledger:
        yield ledger


class _Tidy:
    def __init__(self, settings: Settings, ledger: Ledger | None, stop: Event) -> None:
        self._settings = settings
        self._root = settings.logs.folder
        self._ledger = ledger
        self._stop = stop
        self._facts: dict[str, RunFacts] = {}

    async def plan(self, *, should_touch_unknown: bool) -> TidyPlan:
        """Read folder and ledger, and decide."""
        try:
            files = await asyncio.to_thread(lambda: list(stored_files(self._root)))
        except OSError as error:
            why = os_reason(error)
            raise CannotRunError(f"로그 폴더를 읽을 수 없습니다: {self._root} ({why})") from error
        self._facts = await self._known({file.stamp for file in files})
        now = datetime.now().astimezone()
        rules = self._settings.retention
        return tidy_plan(files, self._facts, rules, now, should_touch_unknown=should_touch_unknown)

    async def work(self, plan: TidyPlan) -> Tidied:
        """Do the plan run by run, each under the run's lease: nobody resumes it meanwhile."""
        result = Tidied()
        for stamp, steps in plan.by_run.items():
            if self._stop.is_set():
                break
            facts = self._facts.get(stamp)
            if self._ledger is None or facts is None:
                result += await self._carry_out(steps)
            else:
                result += await self._held(self._ledger, facts, steps)
        return result

    async def _held(self, ledger: Ledger, facts: RunFacts, steps: Sequence[Step]) -> Tidied:
        resource, ttl_s = f"run:{facts.run_id}", self._settings.ledger.lease_s
        owner = await asyncio.to_thread(this_process, facts.run_id)
        try:
            async with leased(ledger, resource, owner, ttl_s):
                record = await ledger.run(facts.run_id)
                if record is None or not _is_as_planned(record, facts):
                    return Tidied()  # it went on meanwhile: the next tidy plans anew
                return await self._carry_out(steps, record)
        except LeaseHeldError:
            return Tidied()  # somebody took it up just now

    async def _carry_out(self, steps: Sequence[Step], record: RunRecord | None = None) -> Tidied:
        def render(_stamp: str) -> tuple[str, ...]:
            _, files = report_again(record, self._settings) if record else ((), ())
            return tuple(problem for each in files for problem in each.problems)

        work = partial(carry_out, self._root, steps, render, should_stop=self._stop.is_set)
        return await asyncio.to_thread(work)

    async def _known(self, stamps: Collection[str]) -> dict[str, RunFacts]:
        """Ask the ledger for the runs of this folder, by stamp."""
        if self._ledger is None:
            return {}
        runs = [
            (plan, starts)
            for plan, starts in await self._ledger.runs(_EVERY_RUN)
            if plan.stamp in stamps and self._is_here(plan)
        ]
        known = {}
        for plan, starts in runs:
            is_held = await self._ledger.holder(f"run:{plan.run_id}") is not None
            facts = _facts(plan, starts, await self._ledger.outcomes(plan.run_id))
            known[plan.stamp] = replace(facts, is_held=is_held)
        return known

    def _is_here(self, plan: RunPlan) -> bool:
        """A ledger in the folder knows no other; a shared one also knows other hosts' runs."""
        if self._settings.ledger.url is None:
            return True
        return plan.place == f"{socket.gethostname()}:{self._root.absolute()}"


def _is_as_planned(record: RunRecord, facts: RunFacts) -> bool:
    last = record.starts[-1]
    return facts.ended_at == (last.finished_at or last.started_at)


def _facts(plan: RunPlan, starts: Sequence[Start], outcomes: Mapping[str, bool]) -> RunFacts:
    last = starts[-1]
    return RunFacts(
        run_id=plan.run_id,
        stamp=plan.stamp,
        ended_at=last.finished_at or last.started_at,
        succeeded=frozenset(file_stem(account) for account, good in outcomes.items() if good),
        has_failed=not (outcomes and all(outcomes.values())),
    )
