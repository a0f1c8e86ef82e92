"""What the steps use of one account beside its login: task rows, market rows, suffixes."""

from collections.abc import Iterator
from dataclasses import dataclass

from percenty_batch.accounts import logins, markets
from percenty_batch.accounts.extras import READING, can_read_images
from percenty_batch.accounts.markets import MarketRow
from percenty_batch.accounts.suffixes import NO_SUFFIXES, ShopSuffixes, Suffixes
from percenty_batch.accounts.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a step cannot do without.

    `suffixes` are those of step 5_`suffixes`; `edits` names the step whose rows are to be edited.
    """

    tasks: bool = False
    edits: str | None = None
    markets: bool = False
    suffixes: int | None = None


NO_NEEDS = Needs()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountInputs:
    """One account's own rows, in the file's order. `tasks` None: it has no task sheet.

    `place` names file and account at the beginning of a message.
    """

    place: str
    tasks: tuple[Task, ...] | None = None
    markets: tuple[MarketRow, ...] = ()
    suffixes: Suffixes = NO_SUFFIXES

    @property
    def secrets(self) -> tuple[str, ...]:
        """The API keys."""
        return tuple(key for row in self.markets for key in row.secrets)

    def tasks_of(self, step_id: str) -> tuple[Task, ...]:
        """Return the rows that the step works (`2_1`, `3_1_2` …)."""
        return tuple(task for task in self.tasks or () if task.step_id == step_id)

    def suffixes_of(self, number: int) -> ShopSuffixes | None:
        """Return the suffixes of step 5_`number`; None when they are blank."""
        return self.suffixes[number - 1]

    def missing(self, needs: Needs) -> Iterator[str]:
        """Tell what is needed and not there, one Korean line for each."""
        if needs.tasks and self.tasks is None:
            yield (
                f"{self.place}의 작업 시트가 없습니다"
                f" ({logins.SHEET} 시트의 sheet_nickname 열에 시트 이름을 쓰세요)"
            )
        if needs.edits is not None and not can_read_images():
            yield from self._unreadable(needs.edits)
        if needs.markets and not self.markets:
            yield f"{self.place}의 행이 {markets.SHEET} 시트에 없습니다"
        if (number := needs.suffixes) is not None and self.suffixes_of(number) is None:
            yield f"{self.place}의 suffixA{number}~suffixD{number} 열이 비어 있습니다"

    def _unreadable(self, step_id: str) -> Iterator[str]:
        for task in self.tasks_of(step_id):
            for column, given in task.edits.reading():
                yield (
                    f"{task.sheet}:{task.row}행: {column} 열: {str(given)!r}: 이미지의 중국어를"
                    f" 읽을 수 없습니다 (설치: {READING})"
                )


def no_inputs(account_id: str) -> AccountInputs:
    """Give the inputs of an account that came without a file."""
    return AccountInputs(place=account_place(account_id))


def account_place(account_id: str) -> str:
    return f"계정 {account_id!r}"
