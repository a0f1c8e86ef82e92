"""`percenty-batch` that dies by SIGKILL at its n-th write to the ledger.

    python -m tests.kill_points.killed before|after N ARGUMENTS…

`before`: the write is not begun; `after`: it is committed, and nobody has heard of it yet.
"""

import os
import signal
import sys
from collections.abc import Awaitable, Callable

from percenty_batch.cli import main
from percenty_batch.ledger.sql.database import Database

_write: Callable[..., Awaitable[object]] = Database.write


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(moment: str, number: int) -> None:
    """Have the program die at that write, counted from 1; 0 lets it live."""
    count = 0

    async def write(self: Database, *args: object, **kwargs: object) -> object:
        nonlocal count
        count += 1
        mine = count
        if (moment, mine) == ("before", number):
            die()
        answer = await _write(self, *args, **kwargs)
        if (moment, mine) == ("after", number):
            die()
        return answer

    setattr(Database, "write", write)  # noqa: B010 - the types of a generic method cannot be told


if __name__ == "__main__":
    die_at(sys.argv[1], int(sys.argv[2]))
    sys.exit(main(sys.argv[3:]))
