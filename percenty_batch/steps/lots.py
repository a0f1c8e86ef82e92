"""What the ledger keeps of a lot before its translation is started."""

from dataclasses import dataclass
from typing import Self

from percenty_batch.ledger import Json
from percenty_batch.percenty import ListedProduct


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPlan:
    """The rows as they were, and the quota of that day (in Korea, YYYY-MM-DD) before the start."""

    run: str
    day: str
    quota: int
    rows: tuple[ListedProduct, ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(row.key for row in self.rows)

    def as_json(self) -> Json:
        return {
            "run": self.run,
            "day": self.day,
            "quota": self.quota,
            "rows": [[row.key, row.name, row.group, row.translation] for row in self.rows],
        }

    @classmethod
    def of(cls, intended: Json) -> Self | None:
        """Read it again; None when there is none."""
        match intended:
            case {"run": str(run), "day": str(day), "quota": int(quota), "rows": list(rows)}:
                return cls(run=run, day=day, quota=quota, rows=tuple(map(_row, rows)))
        return None


def _row(value: Json) -> ListedProduct:
    match value:
        case [str(key), str(name), str(group), str(mark)]:
            return ListedProduct(
                key=key, name=name, name_position=-1, group=group, translation=mark
            )
    raise ValueError(f"no row of a lot: {value!r}")
