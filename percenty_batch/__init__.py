"""Works the nightly steps of many Percenty accounts at once and reports what was really done."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_ROOMS = ("errors", "models", "settings", "steps", "manager")  # the lightest first

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


def __getattr__(name: str) -> object:
    """Import a name's room when the name is first asked for: browser and database take seconds."""
    if name in __all__:
        for room in map(import_module, (f"{__name__}.{room}" for room in _ROOMS)):
            if hasattr(room, name):
                return getattr(room, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
