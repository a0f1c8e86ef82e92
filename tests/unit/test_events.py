import threading
from collections.abc import Iterator

import pytest

from percenty_batch import events as events_module
from percenty_batch.events import Event, Events, JobFinished, JobStarted
from tests.unit.jobs.builders import job_result

STARTED = JobStarted(job_id="j", account="a@example.com", requested=3, attempt=1)
FINISHED = JobFinished(job_id="j", result=job_result())


@pytest.fixture
def events() -> Iterator[Events]:
    bus = Events()
    yield bus
    bus.close()


def test_every_subscriber_hears_every_event_in_order(events: Events) -> None:
    one: list[Event] = []
    other: list[Event] = []
    events.subscribe(one.append)
    events.subscribe(other.append)

    events.publish(STARTED)
    events.publish(FINISHED)
    events.close()

    assert one == other == [STARTED, FINISHED]


def test_a_subscriber_is_called_in_a_thread_of_its_own(events: Events) -> None:
    threads: list[threading.Thread] = []
    for _ in range(2):
        events.subscribe(lambda _: threads.append(threading.current_thread()))

    events.publish(STARTED)
    events.close()

    assert len({*threads, threading.current_thread()}) == 3


def test_a_subscriber_that_fails_hears_the_next_event_and_disturbs_nobody(events: Events) -> None:
    heard: list[Event] = []
    calm: list[Event] = []

    def fail(event: Event) -> None:
        heard.append(event)
        raise ValueError("broken")

    events.subscribe(fail)
    events.subscribe(calm.append)

    events.publish(STARTED)
    events.publish(FINISHED)
    events.close()

    assert heard == calm == [STARTED, FINISHED]


def test_publishing_never_waits_for_a_subscriber_that_hangs(
    events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "_QUEUE_SIZE", 2)
    release = threading.Event()
    late: list[Event] = []
    prompt: list[Event] = []
    has_all = threading.Event()

    def hang(event: Event) -> None:
        release.wait()
        late.append(event)

    def note(event: Event) -> None:
        prompt.append(event)
        if len(prompt) == 1:
            has_all.set()

    events.subscribe(hang)
    for _ in range(50):
        events.publish(STARTED)
    events.subscribe(note)
    events.publish(FINISHED)

    assert has_all.wait(10)
    assert prompt == [FINISHED]
    events.close(timeout_s=0)  # nor does closing wait for longer than it is told
    release.set()
    assert len(late) < 50


def test_nothing_is_heard_after_closing(events: Events) -> None:
    heard: list[Event] = []
    events.subscribe(heard.append)
    events.close()

    events.publish(STARTED)

    assert heard == []


def test_without_subscribers_publishing_is_nothing(events: Events) -> None:
    events.publish(STARTED)
