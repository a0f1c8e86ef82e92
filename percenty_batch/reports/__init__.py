"""What a run leaves for people and programs: Markdown, JSON and HTML reports, and tables."""

from percenty_batch.reports.history import NIGHTS, History
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.render import check_templates
from percenty_batch.reports.texts import STATUSES, STOP_REASONS, VERDICTS, failure_lines, item_line
from percenty_batch.reports.writer import ReportFiles, write_batch_report, write_summary_report

__all__ = [
    "NIGHTS",
    "STATUSES",
    "STOP_REASONS",
    "VERDICTS",
    "History",
    "LogPaths",
    "ReportFiles",
    "check_templates",
    "failure_lines",
    "item_line",
    "write_batch_report",
    "write_summary_report",
]
