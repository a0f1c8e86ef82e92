"""The one place that knows every part."""

from percenty_batch.manager.batch_manager import BatchManager

__all__ = ["BatchManager"]
