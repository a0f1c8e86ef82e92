"""A few moments of `python -m tests.kill_points`: killed, stopped and hurt, and nothing is lost."""

import os
import signal

import pytest

from tests.kill_points.cases import STEP_4
from tests.kill_points.disasters import try_disaster
from tests.kill_points.point import Moment, try_moment
from tests.kill_points.stops import Stop, try_stop
from tests.kill_points.trial import in_new_folder

PRODUCTS = (1, 1)
MOMENTS = [
    Moment(kind="before", number=14),  # in the midst of the first products' edits
    Moment(kind="after", number=24),
    Moment(kind="second", number=3.1),
]
TO_THE_GROUP = Stop(number=signal.SIGTERM, to_group=True, after_s=4.0)
TWICE = Stop(
    number=signal.SIGINT, to_group=False, after_s=5.0, again_after_s=1.0, should_resume=False
)


@pytest.fixture(autouse=True)
def no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("PERCENTY_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_killed_run_is_resumed_and_nothing_is_lost_or_done_twice(moment: Moment) -> None:
    outcome = in_new_folder(lambda folder: try_moment(moment, PRODUCTS, folder))

    assert (outcome.told, outcome.problems) == ("died", ())


def test_a_lot_that_was_begun_is_never_translated_twice() -> None:
    moment = Moment(kind="after", number=12)  # in the midst of the first lot
    outcome = in_new_folder(lambda folder: try_moment(moment, (3,), folder, (STEP_4,)))

    assert (outcome.told, outcome.problems) == ("died", ())


@pytest.mark.parametrize("stop", [TO_THE_GROUP, TWICE], ids=str)
def test_a_stopped_run_leaves_a_true_report_and_nothing_else(stop: Stop) -> None:
    outcome = in_new_folder(lambda folder: try_stop(stop, PRODUCTS, folder))

    assert outcome.problems == ()


@pytest.mark.parametrize("name", ["browser_killed", "process_frozen"])
def test_a_disaster_in_the_middle_of_a_run_loses_nothing_and_does_nothing_twice(name: str) -> None:
    outcome = in_new_folder(lambda folder: try_disaster(name, (2,), folder))

    assert outcome.problems == ()
