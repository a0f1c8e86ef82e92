from dataclasses import replace

import pytest

from percenty_batch.errors import LedgerError
from percenty_batch.ledger import Ledger, Notice, NoticeState
from tests.contract.ledger.examples import RUN, after, run_plan, start

NOTICE = Notice(
    kind="digest",
    about="1",
    channel="k",
    name="mailto 1",
    state=NoticeState.CLAIMED,
    at=after(1),
)


@pytest.fixture(autouse=True)
async def run(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())


async def notices(ledger: Ledger) -> tuple[Notice, ...]:
    run = await ledger.run(RUN)
    assert run is not None
    return run.notices


async def test_a_message_is_claimed_once(ledger: Ledger) -> None:
    assert await ledger.claim_notice(RUN, NOTICE)
    assert not await ledger.claim_notice(RUN, replace(NOTICE, at=after(2)))
    assert await notices(ledger) == (NOTICE,)


@pytest.mark.parametrize("state", [NoticeState.SENT, NoticeState.UNKNOWN])
async def test_one_that_was_sent_or_may_have_been_is_never_claimed_again(
    ledger: Ledger, state: NoticeState
) -> None:
    await ledger.claim_notice(RUN, NOTICE)
    ended = NOTICE.ended(state, after(3), "why")
    await ledger.end_notice(RUN, ended)
    assert not await ledger.claim_notice(RUN, replace(NOTICE, at=after(4)))
    assert await notices(ledger) == (ended,)


async def test_one_that_was_refused_may_be_tried_again(ledger: Ledger) -> None:
    await ledger.claim_notice(RUN, NOTICE)
    await ledger.end_notice(RUN, NOTICE.ended(NoticeState.REFUSED, after(3), "why"))
    again = replace(NOTICE, at=after(4))
    assert await ledger.claim_notice(RUN, again)
    assert not await ledger.claim_notice(RUN, again)
    assert await notices(ledger) == (again,)


async def test_other_outcomes_and_other_channels_are_other_messages(ledger: Ledger) -> None:
    all_of_them = (
        NOTICE,
        replace(NOTICE, about="2"),
        replace(NOTICE, channel="l"),
        replace(NOTICE, kind="halt"),
    )
    for notice in all_of_them:
        assert await ledger.claim_notice(RUN, notice)
    assert await notices(ledger) == all_of_them


async def test_what_was_never_claimed_cannot_end(ledger: Ledger) -> None:
    with pytest.raises(LedgerError):
        await ledger.end_notice(RUN, NOTICE)
