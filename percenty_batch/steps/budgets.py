"""What an account may spend in a run and on a day; what it has spent stands in the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from percenty_batch.errors import BudgetShortError, FailureKind
from percenty_batch.ledger import Ledger
from percenty_batch.models import StopReason
from percenty_batch.settings import StepSettings
from percenty_batch.steps.context import StepContext

_KOREA = timezone(timedelta(hours=9))  # the site's own day; there is no summer time
_NO_DAY = date(1970, 1, 1)  # under which the ledger keeps what a run has spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What an account may spend of something on a day. `name` is the ledger's, `label` Korean."""

    name: str
    label: str
    per_day: Callable[[StepSettings], int | None]

    async def left_today(
        self, ledger: Ledger, account: str, rules: StepSettings, now: datetime
    ) -> str | None:
        """Tell in Korean what is left of the day's limit; None without one."""
        if (limit := self.per_day(rules)) is None:
            return None
        spent = await ledger.spent(account, self.name, korean_day(now))
        return f"{self.label} {left_of(in_run=0, today=spent, per_day=limit)}/{limit}"


PRODUCTS = Allowance(name="products", label="상품", per_day=lambda rules: rules.products_per_day)
IMAGES = Allowance(name="images", label="번역 이미지", per_day=lambda rules: rules.images_per_day)
TRANSLATIONS = Allowance(
    name="translations", label="일괄 번역", per_day=lambda rules: rules.translations_per_day
)


def korean_day(now: datetime) -> date:
    """Tell which day it is in Korea."""
    return now.astimezone(_KOREA).date()


def left_of(
    *, in_run: int, today: int, per_run: int | None = None, per_day: int | None = None
) -> int | None:
    """Tell how much may still be spent; None without a limit. Never less than 0."""
    limits = ((per_run, in_run), (per_day, today))
    left = [limit - spent for limit, spent in limits if limit is not None]
    return max(min(left), 0) if left else None


class Budget:
    """An allowance in one attempt, of which a run may have a limit of its own."""

    def __init__(
        self,
        ctx: StepContext,
        of: Allowance,
        *,
        per_run: int | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ctx = ctx
        self._name = of.name
        self._of_run = f"{of.name} {ctx.job.run_id}"
        self._per_run = per_run
        self._per_day = of.per_day(ctx.rules)
        self._now = now
        self._is_short = False

    async def left(self) -> int | None:
        """Tell how much may still be spent; None without a limit."""
        spent, account = self._ctx.ledger.spent, self._ctx.account.id
        return left_of(
            in_run=await spent(account, self._of_run, _NO_DAY),
            today=await spent(account, self._name, korean_day(self._now())),
            per_run=self._per_run,
            per_day=self._per_day,
        )

    async def spend(self, what: str, amount: int = 1) -> None:
        """Count `amount` as spent on `what`: before it is spent, so that a death hides nothing.

        The same `what` again, in this run or on this day, is counted once.
        """
        job, spend = self._ctx.job, self._ctx.ledger.spend
        await spend(job, self._of_run, _NO_DAY, what=what, amount=amount)
        await spend(job, self._name, korean_day(self._now()), what=what, amount=amount)

    async def require(self, amount: int) -> None:
        """Raise BudgetShortError when less is left; then nothing more is to be begun."""
        left = await self.left()
        if left is not None and amount > left:
            self._is_short = True
            raise BudgetShortError(
                FailureKind.DATA,
                f"필요한 {amount}개가 남은 한도 {left}개를 넘어 다음 실행에서 이어서 합니다",
            )

    async def reason_to_stop(self) -> StopReason | None:
        is_spent = self._is_short or await self.left() == 0
        return StopReason.BUDGET_REACHED if is_spent else None


def product_budget(ctx: StepContext) -> Budget:
    """The products of the keyword steps; how many a run may work is the job's quantity."""
    return Budget(ctx, PRODUCTS)


def image_budget(ctx: StepContext) -> Budget:
    """The images that may be translated."""
    return Budget(ctx, IMAGES, per_run=ctx.rules.images_per_run)
