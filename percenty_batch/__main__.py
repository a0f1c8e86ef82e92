"""`python -m percenty_batch`."""

from percenty_batch.cli import run

run()
