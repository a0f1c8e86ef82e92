"""The evidence of one job's failures, over all of its attempts."""

from percenty_batch.browser import EvidenceFolder, EvidenceTaker
from percenty_batch.errors import FailureKind, WorkError

_NOTHING_TO_SEE = frozenset({FailureKind.BROWSER_CRASHED, FailureKind.IN_USE})


class JobEvidence:
    """Takes evidence from whichever session is open, and keeps what is of the job as a whole."""

    def __init__(self, folder: EvidenceFolder | None = None) -> None:
        self._folder = folder
        self._taker: EvidenceTaker | None = None
        self.of_job: tuple[str, ...] = ()

    @property
    def folder(self) -> EvidenceFolder | None:
        return self._folder

    def watch(self, taker: EvidenceTaker | None) -> None:
        """Take from this session from now on; None: it is over."""
        self._taker = taker

    async def take(self, name: str) -> tuple[str, ...]:
        """Take what an item's failure left; returns the files, by their paths in the log folder."""
        return await self._taker.take(name) if self._taker else ()

    async def take_of_job(self, name: str, error: WorkError | None = None) -> None:
        """Take what ended an attempt, unless there is no page left to see."""
        if error is None or error.kind not in _NOTHING_TO_SEE:
            self.of_job += await self.take(name)

    async def forget(self) -> None:
        """Drop the trace so far: that work went well."""
        if self._taker:
            await self._taker.forget()

    def tell_omitted(self) -> None:
        if self._folder:
            self._folder.tell_omitted()
