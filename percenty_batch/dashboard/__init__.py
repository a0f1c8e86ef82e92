"""The dashboard: the ledger and the logs as pages, for people who are signed in."""

from percenty_batch.dashboard.commands import OwnCommand
from percenty_batch.dashboard.serving import Opened, serve

__all__ = ["Opened", "OwnCommand", "serve"]
