"""The run as one HTML page: what it shows, drawn and bounded."""

from percenty_batch.reports.page.charts import Bar, shares, spoken
from percenty_batch.reports.page.view import PageView, changes_by_key, page_view

__all__ = ["Bar", "PageView", "changes_by_key", "page_view", "shares", "spoken"]
