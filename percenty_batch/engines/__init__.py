"""Where jobs run: the port, and the engine in this process."""

from percenty_batch.engines.local import LocalEngine
from percenty_batch.engines.port import Engine, JobSpec, OnResult

__all__ = ["Engine", "JobSpec", "LocalEngine", "OnResult"]
