"""The ledger: the durable record of runs, jobs, items, budgets and leases.

SQLite in the log folder, or PostgreSQL for several machines; `MemoryLedger` is their twin.
"""

from percenty_batch.ledger.leases import account_resource
from percenty_batch.ledger.memory import MemoryLedger
from percenty_batch.ledger.opening import has_ledger, open_ledger, read_ledger
from percenty_batch.ledger.owners import this_process
from percenty_batch.ledger.port import Ledger
from percenty_batch.ledger.records import (
    AttemptRecord,
    BatchEnd,
    BatchPlan,
    BatchProgress,
    BatchRecord,
    Edit,
    Holder,
    ItemRecord,
    JobEnd,
    JobProgress,
    JobRecord,
    JobRef,
    Json,
    Lease,
    Notice,
    NoticeState,
    Owner,
    RunPlan,
    RunProgress,
    RunRecord,
    Start,
    StopRequest,
    Turn,
)
from percenty_batch.ledger.views import (
    LEFT_OFF,
    batch_result,
    job_result,
    log_gaps,
    run_results,
    worked_s,
)

__all__ = [
    "LEFT_OFF",
    "AttemptRecord",
    "BatchEnd",
    "BatchPlan",
    "BatchProgress",
    "BatchRecord",
    "Edit",
    "Holder",
    "ItemRecord",
    "JobEnd",
    "JobProgress",
    "JobRecord",
    "JobRef",
    "Json",
    "Lease",
    "Ledger",
    "MemoryLedger",
    "Notice",
    "NoticeState",
    "Owner",
    "RunPlan",
    "RunProgress",
    "RunRecord",
    "Start",
    "StopRequest",
    "Turn",
    "account_resource",
    "batch_result",
    "has_ledger",
    "job_result",
    "log_gaps",
    "open_ledger",
    "read_ledger",
    "run_results",
    "this_process",
    "worked_s",
]
