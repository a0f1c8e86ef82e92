"""The calls that the site's pages make of its server, one module per area."""

from percenty_batch.sandbox.api import editing, listing, markets, translation
from percenty_batch.sandbox.api.call import Answer, Call

CALLS: tuple[tuple[str, str, Call], ...] = (
    *listing.CALLS,
    *editing.CALLS,
    *translation.CALLS,
    *markets.CALLS,
)

__all__ = ["CALLS", "Answer", "Call"]
