"""Works the nightly steps of many Percenty accounts at once and reports what was really done."""

from percenty_batch.errors import (
    CannotRunError,
    FailureKind,
    InputError,
    ItemError,
    PercentyBatchError,
    SignInError,
)
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
from percenty_batch.steps import OwnContext, OwnItem, SignInContext, sign_in, step

__all__ = [
    "Account",
    "BatchManager",
    "BatchResult",
    "CannotRunError",
    "FailureKind",
    "InputError",
    "ItemError",
    "ItemOutcome",
    "ItemResult",
    "JobResult",
    "JobStatus",
    "OwnContext",
    "OwnItem",
    "PercentyBatchError",
    "Settings",
    "SignInContext",
    "SignInError",
    "StopReason",
    "Verdict",
    "sign_in",
    "step",
]
