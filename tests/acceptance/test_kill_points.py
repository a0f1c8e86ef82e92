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
TWICE = Stop(
    number=signal.SIGINT, to_group=False, after_s=5.0, again_after_s=1.0, should_resume=False
)


@pytest.fixture(autouse=True)
def no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("PERCENTY_"):
            monkeypatch.delenv(name)


def test_a_lot_that_was_begun_is_never_translated_twice() -> None:
    moment = Moment(kind="after", number=12)  # in the midst of the first lot
    outcome = in_new_folder(lambda folder: try_moment(moment, (3,), folder, (STEP_4,)))

    assert (outcome.told, outcome.problems) == ("died", ())


def test_a_run_that_is_stopped_twice_leaves_a_true_report_and_nothing_else() -> None:
    outcome = in_new_folder(lambda folder: try_stop(TWICE, PRODUCTS, folder))

    assert outcome.problems == ()


def test_a_process_that_was_frozen_longer_than_its_lease_does_nothing_more() -> None:
    outcome = in_new_folder(lambda folder: try_disaster("process_frozen", (1,), folder))

    assert outcome.problems == ()
