from itertools import islice

from percenty_batch.steps.patience import silences


async def test_three_looks_are_had_even_when_there_is_no_time_for_them() -> None:
    assert list(silences(0.0)) == [0.1, 0.2, 0.4]


async def test_more_looks_are_had_while_there_is_patience() -> None:
    assert list(islice(silences(600.0), 7))[-1] == 6.4
