"""What a run leaves for people and programs: Markdown reports and their JSON twins."""

from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.render import check_templates
from percenty_batch.reports.texts import STATUSES, VERDICTS
from percenty_batch.reports.writer import ReportFiles, write_batch_report, write_summary_report

__all__ = [
    "STATUSES",
    "VERDICTS",
    "LogPaths",
    "ReportFiles",
    "check_templates",
    "write_batch_report",
    "write_summary_report",
]
