"""What every ledger holds to, whatever it keeps its rows in."""

from percenty_batch.errors import LedgerError, RunTakenError
from percenty_batch.ledger.records import Start
from percenty_batch.models import ItemOutcome, ItemResult

FINISHED = (ItemOutcome.DONE, ItemOutcome.SKIPPED)
"""Outcomes with which nothing is amiss."""


def closes_edits(item: ItemResult) -> bool:
    """Tell whether the item's edits are history.

    One that was skipped for a reason that will pass (its kind) is begun again by a later run, which
    must know what was done.
    """
    return item.outcome in FINISHED and item.kind is None


def check_same_start(run_id: str, known: Start | None, start: Start) -> None:
    """Raise RunTakenError unless `known` is what an earlier call wrote for this very start."""
    if known is None or (known.owner, known.started_at) != (start.owner, start.started_at):
        raise run_taken(run_id)


def run_taken(run_id: str) -> RunTakenError:
    return RunTakenError(f"실행 {run_id}을(를) 다른 프로세스가 이미 시작했습니다")


def unknown(what: object) -> LedgerError:
    return LedgerError(f"원장에 없는 기록입니다: {what}")
