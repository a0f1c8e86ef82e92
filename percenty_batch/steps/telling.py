"""The log line of an item's outcome."""

from structlog.typing import FilteringBoundLogger

from percenty_batch.models import ItemOutcome, ItemResult
from percenty_batch.steps.book import ItemBook
from percenty_batch.steps.units import Unit


def tell(log: FilteringBoundLogger, item: ItemResult, book: ItemBook, unit: Unit) -> None:
    """Say what became of the item that was recorded last."""
    name = f"{unit} {len(book.items)}/{book.requested} ({item.key})"
    bound = log.bind(item=item.key)
    if item.outcome is ItemOutcome.DONE:
        bound.info(f"{name} 처리 완료{_what(item)}")
    elif item.outcome is ItemOutcome.SKIPPED:
        bound.info(f"{name} 건너뜀 - {item.reason}")
    elif item.outcome is ItemOutcome.UNKNOWN:
        bound.error(f"{name} 결과 확인 불가 - {item.reason}")
    else:
        bound.error(f"{name} 처리 실패 - {item.reason}")


def _what(item: ItemResult) -> str:
    parts = (
        None if item.amount is None else f"상품: {item.amount}개",
        item.moved_to and f"그룹: {item.moved_to}",
    )
    told = ", ".join(filter(None, parts))
    return f" - {told}" if told else ""
