"""The log line of an item's outcome."""

from structlog.typing import FilteringBoundLogger

from percenty_batch.models import ItemOutcome, ItemResult
from percenty_batch.steps.book import ItemBook


def tell(log: FilteringBoundLogger, item: ItemResult, book: ItemBook) -> None:
    """Say what became of the item that was recorded last."""
    name = f"상품 {len(book.items)}/{book.requested} ({item.key})"
    bound = log.bind(item=item.key)
    if item.outcome is ItemOutcome.DONE:
        bound.info(f"{name} 처리 완료 - 그룹: {item.moved_to}")
    elif item.outcome is ItemOutcome.UNKNOWN:
        bound.error(f"{name} 결과 확인 불가 - {item.reason}")
    else:
        bound.error(f"{name} 처리 실패 - {item.reason}")
