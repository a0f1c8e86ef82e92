"""The nights before a run, as its reports compare them."""

from collections.abc import Collection

from percenty_batch.errors import LedgerError
from percenty_batch.ledger import Ledger, RunPlan
from percenty_batch.reports import NIGHTS, History


async def read_history(ledger: Ledger, plan: RunPlan, steps: Collection[str]) -> History:
    """Read the latest earlier runs of these steps on the same site, one at a time.

    A ledger that refuses costs the comparison, which says so, and not the report.
    """
    history = History()
    try:
        for earlier in await ledger.find_runs(
            NIGHTS, before=plan.run_id, site=plan.site, steps=steps
        ):
            if night := await ledger.night(earlier.run_id):
                history.add(night)
    except LedgerError as error:
        history.problem = str(error)
    return history
