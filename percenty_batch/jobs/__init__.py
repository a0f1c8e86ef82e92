"""One account's life, and the bounded pool that many of them share."""

from percenty_batch.jobs.attempt import Assignment
from percenty_batch.jobs.brake import Brake, Halt
from percenty_batch.jobs.chain import Chain, Link
from percenty_batch.jobs.deadlines import parse_deadline
from percenty_batch.jobs.decisions import SIGN_IN_REFUSED
from percenty_batch.jobs.halting import parse_halt
from percenty_batch.jobs.job import Listener
from percenty_batch.jobs.lease import AccountLease, leased
from percenty_batch.jobs.look import Sight, look_at
from percenty_batch.jobs.pool import Pool
from percenty_batch.jobs.stop import Stop
from percenty_batch.jobs.tools import Tools

__all__ = [
    "SIGN_IN_REFUSED",
    "AccountLease",
    "Assignment",
    "Brake",
    "Chain",
    "Halt",
    "Link",
    "Listener",
    "Pool",
    "Sight",
    "Stop",
    "Tools",
    "leased",
    "look_at",
    "parse_deadline",
    "parse_halt",
]
