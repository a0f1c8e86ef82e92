"""Works the nightly steps of many Percenty accounts at once and reports what was really done."""

from percenty_batch.errors import CannotRunError, FailureKind, InputError, PercentyBatchError
from percenty_batch.manager import BatchManager
from percenty_batch.models import (
    Account,
    BatchResult,
    ItemOutcome,
    ItemResult,
    JobResult,
    JobStatus,
    StopReason,
    Verdict,
)
from percenty_batch.settings import Settings

__all__ = [
    "Account",
    "BatchManager",
    "BatchResult",
    "CannotRunError",
    "FailureKind",
    "InputError",
    "ItemOutcome",
    "ItemResult",
    "JobResult",
    "JobStatus",
    "PercentyBatchError",
    "Settings",
    "StopReason",
    "Verdict",
]
