"""What was intended for one item and what was done to it, so that nothing is done twice."""

from collections.abc import Iterable

from percenty_batch.ledger import Edit, JobRef, Json, Ledger, Turn


class ItemEdits:
    """One item's edits since it was last finished; each is in the ledger before it is made."""

    def __init__(self, ledger: Ledger, job: JobRef, key: str, known: Iterable[Edit]) -> None:
        self._ledger = ledger
        self._job = job
        self._key = key
        self._edits = {edit.action: edit for edit in known}

    def intended(self, action: str) -> Json:
        """What an action was to bring about; None when it was never begun."""
        edit = self._edits.get(action)
        return None if edit is None else edit.intended

    def is_done(self, action: str) -> bool:
        """Whether the action's effect was seen."""
        edit = self._edits.get(action)
        return edit is not None and edit.is_done

    async def intend(self, action: str, intended: Json, turn: Turn | None = None) -> None:
        """Commit what is about to be done, and with it the sequence's next place."""
        known = self._edits.get(action)
        if known is None or known.intended != intended or turn is not None:
            await self._write(Edit(action=action, intended=intended), turn)

    async def confirm(self, action: str) -> None:
        """Commit that the intended effect was seen."""
        if not self.is_done(action):
            intended = self._edits[action].intended
            await self._write(Edit(action=action, intended=intended, is_done=True))

    async def forget(self) -> None:
        """Take every edit for one that was never begun: the item begins anew."""
        for action in tuple(self._edits):
            await self.intend(action, None)

    async def _write(self, edit: Edit, turn: Turn | None = None) -> None:
        await self._ledger.intend(self._job, self._key, edit, turn)
        self._edits[edit.action] = edit
