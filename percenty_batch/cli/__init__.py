"""The command line."""

from percenty_batch.cli.app import main

__all__ = ["main"]
