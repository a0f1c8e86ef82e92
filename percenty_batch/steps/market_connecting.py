"""Connecting a row's markets in 마켓 설정, and no other (percenty-steps, step 6_1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from percenty_batch.errors import FailureKind, ItemError, SignedOutError, WorkError
from percenty_batch.percenty import ELEVENTH, VerificationOutcome
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.market_keys import DISCONNECTED, Connection

CARRIER = "롯데(현대)택배"
_ENDS_ATTEMPT = frozenset({FailureKind.BROWSER_CRASHED, FailureKind.IN_USE})
_MOST_TRIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The keys of the markets that are connected now, and why the others are not (Korean)."""

    markets: frozenset[str]
    refused: tuple[str, ...]


async def connect(ctx: StepContext, group: str, wanted: Sequence[Connection]) -> Connected:
    """Disconnect all markets, connect the wanted ones, and read the page anew as the proof.

    All of it may be done again, so a site that fails once gets a second chance. Raises ItemError
    when not one market could be connected.
    """
    for tries in range(1, _MOST_TRIES + 1):
        try:
            return await ctx.site.fenced(_connect(ctx, wanted), name=f"connect {group}")
        except SignedOutError:
            raise
        except WorkError as error:
            is_final = isinstance(error, ItemError) or error.kind in _ENDS_ATTEMPT
            if is_final or tries == _MOST_TRIES:
                raise
            ctx.log.warning(f"마켓 설정을 다시 시도합니다: {error}", item=group)
            await ctx.site.start_over()
    raise AssertionError("the last try returns or raises")


async def _connect(ctx: StepContext, wanted: Sequence[Connection]) -> Connected:
    page = ctx.site.markets
    await page.open()
    gone = [market.label for market in DISCONNECTED if await page.disconnect(market)]
    ctx.log.debug(f"API 연결 끊음: {', '.join(gone) or '연결된 마켓 없음'}")
    markets: set[str] = set()
    refused: dict[str, VerificationOutcome] = {}
    for connection in wanted:
        ctx.goes_on()
        market = connection.market
        answer = await page.connect(market, connection.values)
        if not answer.is_verified:
            words = answer.words or "API 검증이 제한 시간 안에 끝나지 않았습니다"
            refused[f"{market.label}: {words}"] = answer.outcome
            continue
        markets.add(market.key)
        if market is ELEVENTH and await page.add_delivery_profile(CARRIER):
            ctx.log.debug(f"11번가 배송 프로필을 만들었습니다: {CARRIER}")
    if not markets:
        is_final = VerificationOutcome.TIMED_OUT not in refused.values()
        kind = FailureKind.DATA if is_final else FailureKind.TIMEOUT
        raise ItemError(kind, f"연결된 마켓이 없습니다 ({'; '.join(refused)})")
    await _check_anew(ctx, frozenset(markets))
    return Connected(markets=frozenset(markets), refused=tuple(refused))


async def _check_anew(ctx: StepContext, wanted: frozenset[str]) -> None:
    """Load the site anew: what is connected is what its server says, not what we clicked."""
    await ctx.site.start_over()
    page = ctx.site.markets
    await page.open()
    found = {market.key for market in DISCONNECTED if (await page.show(market)).is_connected}
    if found != wanted:
        raise WorkError(
            FailureKind.SITE_ERROR,
            f"연결된 마켓이 다릅니다: {_told(found)} (연결한 마켓: {_told(wanted)})",
        )


def _told(keys: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(keys)) or "없음"
