"""One account's life, and the bounded pool that many of them share."""

from percenty_batch.jobs.attempt import Assignment, Tools
from percenty_batch.jobs.job import Job
from percenty_batch.jobs.pool import Pool
from percenty_batch.jobs.stop import Stop

__all__ = ["Assignment", "Job", "Pool", "Stop", "Tools"]
