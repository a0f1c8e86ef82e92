"""Words found again in the logs of all runs, plain and compressed."""

from percenty_batch.logs.search.query import SearchQuery, check_query
from percenty_batch.logs.search.scanning import Hit
from percenty_batch.logs.search.searching import Unreadable, search_logs

__all__ = ["Hit", "SearchQuery", "Unreadable", "check_query", "search_logs"]
