"""A run's messages: each outcome told once to each channel, whatever is killed or repeated.

A message is claimed in the ledger before it is sent and its end written after. One that was claimed
is never sent again, though nobody may know whether it arrived; one that was refused is tried again
by the run's next start.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from structlog.typing import FilteringBoundLogger

from percenty_batch.errors import LedgerError
from percenty_batch.events import Event, Halted
from percenty_batch.ledger import Notice, NoticeState, RunPlan
from percenty_batch.manager.run_ledger import RunLedger
from percenty_batch.models import BatchResult
from percenty_batch.notify import (
    Channel,
    Message,
    Outcome,
    channels_of,
    deliver,
    digest,
    fingerprint,
    halt_alert,
    secrets_of,
    written_attachments,
)
from percenty_batch.settings import NotifySettings

_DIGEST, _HALT = "digest", "halt"
_HURRIED_S = 10.0  # for a run that somebody stops
_STATES = {
    Outcome.SENT: NoticeState.SENT,
    Outcome.REFUSED: NoticeState.REFUSED,
    Outcome.UNKNOWN: NoticeState.UNKNOWN,
}


class RunNotices:
    """Sends a run's digest and alerts. Nothing here raises into the run.

    Raises InputError when a channel's address cannot be used.
    """

    def __init__(self, settings: NotifySettings, mask: Callable[[str], str]) -> None:
        self._settings = settings
        self._mask = mask
        self._channels = channels_of(settings)
        self._log: FilteringBoundLogger | None = None
        self._run: RunLedger | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alerts: dict[str, asyncio.Task[None]] = {}  # by what they tell
        self._problems: list[str] = []

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(secrets_of(url.get_secret_value() for url in self._settings.urls))

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be sent, or may not have arrived: a Korean line each."""
        return tuple(self._problems)

    def begin(self, run: RunLedger | None, log: FilteringBoundLogger) -> None:
        """From now on this is the run that is worked; None: there is no ledger to remember by."""
        self._run, self._log = run, log
        self._loop = asyncio.get_running_loop()

    def on_event(self, event: Event) -> None:
        """Send an alert when a batch halts. Called in any thread; waits for nothing."""
        if isinstance(event, Halted) and self._channels and self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended: so has the run
                self._loop.call_soon_threadsafe(self._begin_alert, event.text)

    async def send_digest(
        self,
        plan: RunPlan,
        results: Sequence[BatchResult],
        logs_folder: Path,
        *,
        halts: Iterable[str] = (),
    ) -> None:
        """Tell how the run ended, unless this outcome was told before; its `halts` come first."""
        if not self._channels:
            return
        for text in halts:
            self._begin_alert(text)  # its event may still be on its way
        if self._alerts:
            await asyncio.wait(self._alerts.values())
        is_update = await self._was_told()
        message = digest(
            results,
            stamp=plan.stamp,
            run_id=plan.run_id,
            place=plan.place,
            mask=self._mask,
            is_update=is_update,
        )
        is_stopped = any(result.interrupted_by is not None for result in results)
        timeout_s = min(self._settings.timeout_s, _HURRIED_S) if is_stopped else None
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="percenty-notify-"))
        try:
            attachments = await asyncio.to_thread(
                self._attachments, results, folder, logs_folder, plan.stamp
            )
            about = fingerprint(results)
            await self._send(_DIGEST, about, message, timeout_s=timeout_s, attachments=attachments)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def _begin_alert(self, text: str) -> None:
        if text in self._alerts:
            return
        run = self._run
        plan = run.plan if run else None
        message = halt_alert(
            text,
            run_id=plan.run_id if plan else "",
            place=plan.place if plan else "",
            mask=self._mask,
        )
        about = f"{run.start.number if run else 0} {text}"
        alert = asyncio.create_task(self._send(_HALT, about, message), name="halt alert")
        self._alerts[text] = alert

    def _attachments(
        self, results: Sequence[BatchResult], folder: Path, logs_folder: Path, stamp: str
    ) -> tuple[Path, ...]:
        if not self._settings.should_attach:
            return ()
        try:
            return written_attachments(
                results, folder=folder, logs_folder=logs_folder, stamp=stamp, mask=self._mask
            )
        except OSError as error:  # a full disk: the message goes without
            self._tell(f"알림에 첨부할 파일을 쓰지 못했습니다 ({error.strerror})")
            return ()

    async def _send(
        self,
        kind: str,
        about: str,
        message: Message,
        *,
        timeout_s: float | None = None,
        attachments: Sequence[Path] = (),
    ) -> None:
        await asyncio.gather(
            *(
                self._send_to(channel, kind, about, message, timeout_s, attachments)
                for channel in self._channels
            )
        )

    async def _send_to(
        self,
        channel: Channel,
        kind: str,
        about: str,
        message: Message,
        timeout_s: float | None,
        attachments: Sequence[Path],
    ) -> None:
        notice = Notice(
            kind=kind,
            about=about,
            channel=channel.key,
            name=channel.name,
            state=NoticeState.CLAIMED,
            at=datetime.now().astimezone(),
        )
        if not await self._claimed(notice):
            return
        delivery = await deliver(
            channel,
            message,
            timeout_s=timeout_s or self._settings.timeout_s,
            attachments=attachments,
            max_attachment_mb=self._settings.max_attachment_mb,
        )
        await self._ended(notice, _STATES[delivery.outcome], self._mask(delivery.why))

    async def _claimed(self, notice: Notice) -> bool:
        """Write that the message is about to be sent; False: it was sent before, or may have been.

        Where the ledger refuses, it is sent all the same: this start sends it only once.
        """
        if self._run is None:
            return True
        try:
            return await self._run.ledger.claim_notice(self._run.plan.run_id, notice)
        except LedgerError:
            return True

    async def _ended(self, notice: Notice, state: NoticeState, why: str) -> None:
        ended = notice.ended(state, datetime.now().astimezone(), why or None)
        if self._run is not None:
            with suppress(LedgerError):  # it stays claimed: it is not sent again
                await self._run.ledger.end_notice(self._run.plan.run_id, ended)
        if problem := notice_problem(ended):
            self._tell(problem)
        elif self._log:
            self._log.info(f"알림을 보냈습니다: {notice.name}")

    async def _was_told(self) -> bool:
        """Whether somebody may have read another outcome of this run."""
        if self._run is None:
            return False
        try:
            record = await self._run.ledger.run(self._run.plan.run_id)
        except LedgerError:
            return False
        return any(
            each.kind == _DIGEST and each.state is not NoticeState.REFUSED
            for each in (record.notices if record else ())
        )

    def _tell(self, problem: str) -> None:
        self._problems.append(problem)
        if self._log:
            self._log.error(problem)


def notice_problems(notices: Iterable[Notice]) -> tuple[str, ...]:
    """Say what went wrong with a run's messages, as far as nobody tried again with success."""
    latest = {
        (each.kind, each.channel, each.about if each.kind == _HALT else ""): each
        for each in sorted(notices, key=lambda notice: notice.at)
    }
    problems = {key: notice_problem(each) for key, each in latest.items()}
    return tuple(problem for problem in problems.values() if problem)


def notice_problem(notice: Notice) -> str | None:
    """Say what went wrong with a message; None: it was sent."""
    why = f" ({notice.why})" if notice.why else ""
    match notice.state:
        case NoticeState.REFUSED:
            return f"알림을 보내지 못했습니다: {notice.name}{why}"
        case NoticeState.UNKNOWN | NoticeState.CLAIMED:
            return f"알림이 도착했는지 알 수 없습니다: {notice.name}{why}"
    return None
