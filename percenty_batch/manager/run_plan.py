"""How the ledger is to name a run, and this start of it."""

import socket
from datetime import datetime
from importlib.metadata import version

from percenty_batch.ledger import RunPlan, RunRecord, Start, this_process
from percenty_batch.settings import Settings


def planned_start(
    settings: Settings, stamp: str, resumes: RunRecord | None
) -> tuple[RunPlan, Start]:
    """Plan the first start of a run, or with `resumes` another one. Blocking."""
    plan = resumes.plan if resumes else run_plan(settings, stamp)
    start = Start(
        number=len(resumes.starts) + 1 if resumes else 1,
        owner=this_process(plan.run_id),
        version=version("percenty-batch"),
        started_at=datetime.now().astimezone(),
    )
    return plan, start


def run_plan(settings: Settings, stamp: str) -> RunPlan:
    """Name a run by its stamp and place."""
    return RunPlan(
        run_id=stamp,
        stamp=stamp,
        host=socket.gethostname(),
        logs_folder=str(settings.logs.folder.absolute()),
        site=str(settings.site.base_url),
    )
