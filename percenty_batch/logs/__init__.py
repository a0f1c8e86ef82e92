"""Where every line goes: the account's log, its error log and the batch log of one run."""

from percenty_batch.logs.disk import check_disk
from percenty_batch.logs.file_names import file_stem
from percenty_batch.logs.folders import RunFolders, reserve_stamp
from percenty_batch.logs.guard import DiskGuard
from percenty_batch.logs.lines import json_line, one_line
from percenty_batch.logs.masking import Secrets
from percenty_batch.logs.packing import chunks, existing_log
from percenty_batch.logs.positions import first_error_line
from percenty_batch.logs.retention import (
    Deed,
    RunFacts,
    Step,
    Tidied,
    TidyPlan,
    carry_out,
    tidy_plan,
)
from percenty_batch.logs.router import Mirror
from percenty_batch.logs.run_logs import RunLogs
from percenty_batch.logs.search import Hit, SearchQuery, Unreadable, check_query, search_logs
from percenty_batch.logs.tail import Follower
from percenty_batch.logs.tree import FileKind, StoredFile, stored_file, stored_files

__all__ = [
    "Deed",
    "DiskGuard",
    "FileKind",
    "Follower",
    "Hit",
    "Mirror",
    "RunFacts",
    "RunFolders",
    "RunLogs",
    "SearchQuery",
    "Secrets",
    "Step",
    "StoredFile",
    "Tidied",
    "TidyPlan",
    "Unreadable",
    "carry_out",
    "check_disk",
    "check_query",
    "chunks",
    "existing_log",
    "file_stem",
    "first_error_line",
    "json_line",
    "one_line",
    "reserve_stamp",
    "search_logs",
    "stored_file",
    "stored_files",
    "tidy_plan",
]
