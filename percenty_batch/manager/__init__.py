"""The top of the program: runs, their batches and their reports."""

from percenty_batch.manager.batch_manager import BatchManager
from percenty_batch.manager.dry_run import DryRun, Outlook
from percenty_batch.manager.past import read_history
from percenty_batch.manager.reporting import report_again
from percenty_batch.manager.resumption import (
    Difference,
    differences,
    refused_accounts,
    rest_of_run,
)
from percenty_batch.manager.tidying import Tidying, tidy_logs

__all__ = [
    "BatchManager",
    "Difference",
    "DryRun",
    "Outlook",
    "Tidying",
    "differences",
    "read_history",
    "refused_accounts",
    "report_again",
    "rest_of_run",
    "tidy_logs",
]
