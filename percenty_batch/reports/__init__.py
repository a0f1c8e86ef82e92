"""What a run leaves for people and programs: Markdown, JSON and HTML reports, and tables."""

from percenty_batch.reports.history import NIGHTS, History
from percenty_batch.reports.page import Bar, bar, shares, spoken
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.render import check_templates, html_environment
from percenty_batch.reports.texts import (
    STATUSES,
    STOP_REASONS,
    VERDICTS,
    clock,
    failure_lines,
    item_line,
)
from percenty_batch.reports.views import percent
from percenty_batch.reports.writer import ReportFiles, write_batch_report, write_summary_report

__all__ = [
    "NIGHTS",
    "STATUSES",
    "STOP_REASONS",
    "VERDICTS",
    "Bar",
    "History",
    "LogPaths",
    "ReportFiles",
    "bar",
    "check_templates",
    "clock",
    "failure_lines",
    "html_environment",
    "item_line",
    "percent",
    "shares",
    "spoken",
    "write_batch_report",
    "write_summary_report",
]
