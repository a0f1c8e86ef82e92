"""The top of the program: runs, their batches and their reports."""

from percenty_batch.manager.batch_manager import BatchManager
from percenty_batch.manager.dry_run import DryRun, Outlook
from percenty_batch.manager.past import (
    AccountNights,
    account_nights,
    read_history,
    run_holder,
    shared_place,
)
from percenty_batch.manager.reporting import report_again
from percenty_batch.manager.resumption import (
    Difference,
    differences,
    refused_accounts,
    rest_of_run,
    without_old_stops,
)
from percenty_batch.manager.signals import stopping_on_signals
from percenty_batch.manager.story import counts_line, end_line, moments
from percenty_batch.manager.tidying import Tidying, tidy_logs

__all__ = [
    "AccountNights",
    "BatchManager",
    "Difference",
    "DryRun",
    "Outlook",
    "Tidying",
    "account_nights",
    "counts_line",
    "differences",
    "end_line",
    "moments",
    "read_history",
    "refused_accounts",
    "report_again",
    "rest_of_run",
    "run_holder",
    "shared_place",
    "stopping_on_signals",
    "tidy_logs",
    "without_old_stops",
]
