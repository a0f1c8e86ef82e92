"""The command line."""

from percenty_batch.cli.app import main, run

__all__ = ["main", "run"]
