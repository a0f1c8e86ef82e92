"""The pages of runs and accounts, their live events, and the two actions."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from percenty_batch.dashboard.account_view import account_view
from percenty_batch.dashboard.commands import Resumer
from percenty_batch.dashboard.forms import number, read_form, read_rows
from percenty_batch.dashboard.log_lines import first_lines, last_lines, log_lines
from percenty_batch.dashboard.pages import page, problem
from percenty_batch.dashboard.reading import Reader
from percenty_batch.dashboard.run_view import (
    RUNS,
    Filter,
    changed,
    figures,
    live_rows,
    run_href,
    run_view,
    runs_view,
)
from percenty_batch.dashboard.standing import Standing
from percenty_batch.dashboard.streams import Event, Streams
from percenty_batch.errors import os_reason
from percenty_batch.ledger import RunPlan, StopRequest
from percenty_batch.logs import FileKind, Follower, RunFolders, existing_log, stored_files
from percenty_batch.manager import account_nights, run_holder
from percenty_batch.models import JobStatus
from percenty_batch.settings import Settings

_EVERY_S = 2.0
_LOG_EVERY_S = 0.5
_LOOKS = 10  # at the log, before the ledger is asked whether the run goes on
_NO_RUN = "원장에 없는 실행입니다"


class RunPages:
    """Reads through the `reader`; only `stop` and `resume` change anything."""

    def __init__(
        self, reader: Reader, settings: Settings, streams: Streams, resumer: Resumer
    ) -> None:
        self._reader = reader
        self._settings = settings
        self._streams = streams
        self._resumer = resumer

    async def runs(self, request: Request) -> Response:
        before = request.query_params.get("before") or None
        outlines = await self._reader.outlines(RUNS, before)
        return page(request, "runs", "실행", runs=runs_view(outlines, is_first=before is None))

    async def run(self, request: Request) -> Response:
        standing = await self._reader.standing(request.path_params["run_id"])
        if standing is None:
            return problem(request, 404, _NO_RUN)
        wanted = _filter(request)
        resumption = await asyncio.to_thread(self._resumer.state, standing.run_id)
        return page(
            request,
            "run",
            f"실행 {standing.run_id}",
            run=run_view(standing, wanted),
            resumption=resumption,
            lease_s=self._settings.ledger.lease_s,
        )

    async def account(self, request: Request) -> Response:
        run_id, account = request.path_params["run_id"], request.query_params.get("id", "")
        found = await account_nights(self._reader.ledger, account, run_id)
        if found is None:
            return problem(request, 404, "이 실행에 없는 계정입니다")
        holder = await self._reader.ledger.holder(f"run:{run_id}")
        logs, stored, lines, why = await asyncio.to_thread(self._files, found.run, account)
        view = account_view(
            account,
            found,
            is_running=holder is not None,
            logs=logs,
            stored=stored,
            lines=lines,
            log_problem=why,
        )
        return page(request, "account", account, account=view)

    async def events(self, request: Request) -> Response:
        """Follow a run's figures and some of its rows, or with `account` that account's log."""
        if self._streams.are_too_many:
            return PlainTextResponse("열려 있는 화면이 너무 많습니다", 503)
        standing = await self._reader.standing(request.path_params["run_id"])
        if standing is None:
            return PlainTextResponse(_NO_RUN, 404)
        account = request.query_params.get("account")
        if account is None:
            rows = read_rows(request.query_params.get("rows", ""))
            return self._streams.response(self._run_events(standing.run_id, rows))
        if not any(job.outline.account == account for job in standing.progress.jobs):
            return PlainTextResponse("이 실행에 없는 계정입니다", 404)
        return self._streams.response(self._log_events(standing, account))

    async def stop(self, request: Request) -> Response:
        """Write into the ledger that the run is to stop; whoever works at it sees that."""
        run_id = request.path_params["run_id"]
        if (refused := await _without_csrf(request)) is not None:
            return refused
        standing = await self._reader.standing(run_id)
        if standing is None:
            return problem(request, 404, _NO_RUN)
        if await self._reader.ledger.holder(f"run:{run_id}") is None:
            return problem(request, 409, f"실행 {run_id}: 실행 중이 아니어서 멈출 것이 없습니다")
        client = request.client.host if request.client else "?"
        wish = StopRequest(
            number=standing.progress.starts[-1].number,
            who=f"대시보드 ({client})",
            at=datetime.now().astimezone(),
        )
        await self._reader.ledger.ask_to_stop(run_id, wish)
        self._reader.forget(run_id)
        return RedirectResponse(str(run_href(run_id).unescape()), 303)

    async def resume(self, request: Request) -> Response:
        """Start `percenty-batch resume` for the run, unless somebody works at it."""
        run_id = request.path_params["run_id"]
        if (refused := await _without_csrf(request)) is not None:
            return refused
        standing = await self._reader.standing(run_id)
        if standing is None:
            return problem(request, 404, _NO_RUN)
        holder = await run_holder(self._reader.ledger, run_id, self._settings.ledger.lease_s)
        if holder is not None:
            text = f"실행 {run_id}: 이미 실행 중이어서 이어서 할 수 없습니다 ({holder.owner})"
            return problem(request, 409, text)
        if not self._reader.is_here(standing.progress.plan):
            place = standing.progress.plan.place
            return problem(request, 409, f"실행 {run_id}: 실행한 곳에서만 이어집니다 ({place})")
        if self._settings.accounts_file is None:
            text = "계정 파일(accounts_file)이 설정되지 않아 이어서 할 수 없습니다"
            return problem(request, 409, text)
        try:
            await asyncio.to_thread(self._resumer.start, run_id)
        except OSError as error:
            return problem(request, 500, f"시작할 수 없습니다 ({os_reason(error)})")
        self._reader.forget(run_id)
        return RedirectResponse(str(run_href(run_id).unescape()), 303)

    async def _run_events(self, run_id: str, rows: tuple[int, ...]) -> AsyncGenerator[Event, None]:
        """Tell what has changed since the last time, until nobody works at the run."""
        told: dict[str, Any] = {}
        told_rows: dict[str, Any] = {}
        while True:
            standing = await self._reader.standing(run_id)
            if standing is None:
                return
            now, now_rows = figures(standing), live_rows(standing, rows)
            if news := changed(told, now):
                yield "figures", news
            if news := changed(told_rows, now_rows):
                yield "rows", news
            told, told_rows = now, now_rows
            if not standing.is_running:
                yield "end", now["state"]
                return
            if not await self._streams.wait(_EVERY_S):
                return

    async def _log_events(self, standing: Standing, account: str) -> AsyncGenerator[Event, None]:
        """Tell the last lines of a log, then those that come, until nobody works at the run."""
        plan = standing.progress.plan
        follower = Follower(self._folders(plan).account_log(account))
        try:
            lines = await asyncio.to_thread(first_lines, follower)
            yield "lines", {"anew": True, "lines": [line.told() for line in lines]}
            while await self._reader.ledger.holder(f"run:{plan.run_id}") is not None:
                for _ in range(_LOOKS):
                    if not await self._streams.wait(_LOG_EVERY_S):
                        return
                    new = log_lines(await asyncio.to_thread(follower.new_lines))
                    if follower.take_news() is not None:
                        yield "lines", {"anew": True, "lines": []}
                    if new:
                        yield "lines", {"anew": False, "lines": [line.told() for line in new]}
        except OSError as error:
            yield "end", f"로그를 읽을 수 없습니다 ({os_reason(error)})"
            return
        yield "end", "실행이 끝났습니다"

    def _folders(self, plan: RunPlan) -> RunFolders:
        return RunFolders(root=self._settings.logs.folder, stamp=plan.stamp)

    def _files(self, plan: RunPlan, account: str) -> tuple[Any, ...]:
        """Find the account's logs and evidence, and read the end of its log. Blocking."""
        root, folders = self._settings.logs.folder, self._folders(plan)
        if not self._reader.is_here(plan):
            return (), frozenset(), (), f"이 실행의 파일은 다른 곳에 있습니다: {plan.place}"
        log = folders.account_log(account)
        logs = [existing_log(each) for each in (log, folders.error_log(account))]
        there = [_path(each, root) for each in logs if each.is_file()]
        evidence = stored_files(root, frozenset({FileKind.EVIDENCE}), plan.stamp)
        stored = frozenset({*there, *(file.path for file in evidence)})
        return there, stored, *last_lines(log)


def _path(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()


def _filter(request: Request) -> Filter:
    asked = request.query_params
    known = {status.value: status for status in JobStatus}
    return Filter(
        status=known.get(asked.get("status", "")),
        name=asked.get("name", "").strip()[:200],
        page=number(asked.get("page"), least=1, other=1),
    )


async def _without_csrf(request: Request) -> Response | None:
    """Refuse a form that is not from a page of this session."""
    form = await read_form(request)
    if request.state.session.allows(form.get("csrf", "")):
        return None
    return problem(request, 403, "오래된 화면에서 온 요청입니다. 화면을 다시 열고 시도하세요")
