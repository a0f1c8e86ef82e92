from typing import cast

import pytest

from percenty_batch.browser import EvidenceTaker
from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.jobs.evidence import JobEvidence


class Taker:
    """Writes down what it took, and how often it was told to forget."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.forgotten = 0

    async def take(self, name: str) -> tuple[str, ...]:
        self.taken.append(name)
        return (f"{name}.png", f"{name}.html")

    async def forget(self) -> None:
        self.forgotten += 1


def watching() -> tuple[JobEvidence, Taker]:
    evidence, taker = JobEvidence(), Taker()
    evidence.watch(cast("EvidenceTaker", taker))
    return evidence, taker


async def test_an_items_evidence_is_the_items_and_not_the_jobs() -> None:
    evidence, _ = watching()
    assert await evidence.take("a") == ("a.png", "a.html")
    assert evidence.of_job == ()


async def test_what_ended_each_attempt_is_kept_with_the_job() -> None:
    evidence, _ = watching()
    await evidence.take_of_job("attempt", WorkError(FailureKind.TIMEOUT, "늦음"))
    await evidence.take_of_job("called_off")
    assert evidence.of_job == ("attempt.png", "attempt.html", "called_off.png", "called_off.html")


@pytest.mark.parametrize("kind", [FailureKind.BROWSER_CRASHED, FailureKind.IN_USE])
async def test_of_a_page_that_is_gone_or_not_ours_nothing_is_taken(kind: FailureKind) -> None:
    evidence, taker = watching()
    await evidence.take_of_job("attempt", WorkError(kind, "끝"))
    assert (evidence.of_job, taker.taken) == ((), [])


async def test_between_two_sessions_there_is_nothing_to_take() -> None:
    evidence, taker = watching()
    evidence.watch(None)

    await evidence.forget()
    await evidence.take_of_job("called_off")

    assert await evidence.take("a") == ()
    assert (evidence.of_job, taker.taken, taker.forgotten) == ((), [], 0)


async def test_a_success_lets_the_session_forget() -> None:
    evidence, taker = watching()
    await evidence.forget()
    assert taker.forgotten == 1
