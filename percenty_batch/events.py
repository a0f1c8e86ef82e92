"""What jobs tell to whoever listens: progress bar, dashboard, notifier.

Each subscriber has its own thread and queue, so a slow or failing one cannot touch a run.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from percenty_batch.models import ItemResult, JobResult


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStarted:
    """A job got its slot (attempt 1) or starts anew (attempt 2 and on)."""

    job_id: str
    account: str
    requested: int
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDone:
    """One item has its outcome. `index` counts from 1 within the job."""

    job_id: str
    account: str
    index: int
    item: ItemResult


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished:
    job_id: str
    result: JobResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Halted:
    """The rest of what runs is given up. `text` says why, in Korean."""

    text: str


Event = JobStarted | ItemDone | JobFinished | Halted
Subscriber = Callable[[Event], None]

_QUEUE_SIZE = 10_000


class Events:
    """A bus with any number of subscribers; `publish` never waits and never raises."""

    def __init__(self) -> None:
        self._subscriptions: list[_Subscription] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        self._subscriptions.append(_Subscription(subscriber))

    def publish(self, event: Event) -> None:
        for subscription in self._subscriptions:
            subscription.offer(event)

    def close(self, timeout_s: float = 2.0) -> None:
        """Let every subscriber read what is queued, for at most `timeout_s` each."""
        for subscription in self._subscriptions:
            subscription.close(timeout_s)
        self._subscriptions.clear()


class _Subscription:
    def __init__(self, subscriber: Subscriber) -> None:
        self._subscriber = subscriber
        self._queue: queue.Queue[Event | None] = queue.Queue(_QUEUE_SIZE)
        self._thread = threading.Thread(target=self._deliver, name="events", daemon=True)
        self._thread.start()

    def offer(self, event: Event) -> None:
        try:
            self._queue.put_nowait(event)
        except queue.Full:
            return  # a subscriber this far behind has lost its purpose, the run has not

    def close(self, timeout_s: float) -> None:
        try:
            self._queue.put_nowait(None)
        except queue.Full:
            return
        self._thread.join(timeout_s)

    def _deliver(self) -> None:
        while (event := self._queue.get()) is not None:
            try:
                self._subscriber(event)
            except Exception:  # noqa: BLE001, S112 - a subscriber is fenced: it cannot touch a run
                continue
