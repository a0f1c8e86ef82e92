"""What the jobs of a round work with."""

from collections.abc import Callable
from dataclasses import dataclass

from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import EvidenceFolder, Launcher, SignInStore
from percenty_batch.ledger import Ledger, Owner
from percenty_batch.models import Account
from percenty_batch.settings import JobSettings, SiteSettings, StepSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every attempt works with. `sign_ins` is None when none are to be left on the disk.

    `owner` is this process, in whose name accounts are leased for `lease_s`; `mask` takes
    secrets out of what the ledger is told. `evidence_of` None: nothing is kept of failures.
    """

    launcher: Launcher
    sign_ins: SignInStore | None
    ledger: Ledger
    owner: Owner
    lease_s: float
    site: SiteSettings
    limits: JobSettings
    rules: StepSettings
    mask: Callable[[str], str] = str
    evidence_of: Callable[[Account, FilteringBoundLogger], EvidenceFolder] | None = None
