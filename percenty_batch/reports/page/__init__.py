"""The run as one HTML page: what it shows, drawn and bounded."""

from percenty_batch.reports.page.charts import Bar, bar, shares, spoken
from percenty_batch.reports.page.view import PageView, changes_by_key, page_view

__all__ = ["Bar", "PageView", "bar", "changes_by_key", "page_view", "shares", "spoken"]
