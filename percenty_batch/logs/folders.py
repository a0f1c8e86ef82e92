"""The guide's tree: one stamp per run, one folder per kind, one file per account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from percenty_batch.logs.disk import cannot_make
from percenty_batch.logs.file_names import file_stem

_STAMP = "%Y%m%d_%H%M%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFolders:
    """Where one run's files stand. `root` is the log folder, `stamp` is YYYYMMDD_HHMMSS."""

    root: Path
    stamp: str

    @property
    def accounts(self) -> Path:
        return self.root / "accounts" / self.stamp

    @property
    def errors(self) -> Path:
        return self.root / "errors" / self.stamp

    @property
    def reports(self) -> Path:
        return self.root / "reports" / self.stamp

    def evidence(self, account_id: str) -> Path:
        return self.root / "evidence" / self.stamp / file_stem(account_id)

    @property
    def batch_log(self) -> Path:
        return self.root / f"batch_processor_{self.stamp}.log"

    def account_log(self, account_id: str) -> Path:
        return self.accounts / f"{file_stem(account_id)}.log"

    def error_log(self, account_id: str) -> Path:
        return self.errors / f"{file_stem(account_id)}_errors.log"


def reserve_stamp(folder: Path, now: datetime) -> str:
    """Take the first free stamp from `now` on and create its three folders.

    `now` is shown in local time (naive: already local). Two runs in one second, in any
    processes, get two stamps: the folder under `accounts` is made exclusively.
    Raises CannotRunError when the folders cannot be made; DiskError when for want of room.
    """
    try:
        stamp = _reserve(folder / "accounts", now.astimezone())
        folders = RunFolders(root=folder, stamp=stamp)
        folders.errors.mkdir(parents=True, exist_ok=True)
        folders.reports.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_make(folder, error) from error
    return stamp


def _reserve(accounts: Path, at: datetime) -> str:
    accounts.mkdir(parents=True, exist_ok=True)
    while True:
        stamp = at.strftime(_STAMP)
        try:
            (accounts / stamp).mkdir()
        except FileExistsError:
            at += timedelta(seconds=1)
        else:
            return stamp
