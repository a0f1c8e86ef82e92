"""The top of the program: runs, their batches and their reports."""

from percenty_batch.manager.batch_manager import BatchManager
from percenty_batch.manager.past import read_history
from percenty_batch.manager.reporting import report_again
from percenty_batch.manager.resumption import (
    Difference,
    accounts_to_resume,
    differences,
    has_open_ends,
    refused_accounts,
)
from percenty_batch.manager.tidying import Tidying, tidy_logs

__all__ = [
    "BatchManager",
    "Difference",
    "Tidying",
    "accounts_to_resume",
    "differences",
    "has_open_ends",
    "read_history",
    "refused_accounts",
    "report_again",
    "tidy_logs",
]
