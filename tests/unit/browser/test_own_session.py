import os
import subprocess
from pathlib import Path

import pytest

from percenty_batch.browser import own_session

_WRAPPER = Path(own_session.__file__).with_name("own_session.sh")


def test_the_wrapper_named_as_its_own_node_ends_instead_of_starting_itself_for_ever() -> None:
    done = subprocess.run(
        [_WRAPPER, "--version"],
        env={**os.environ, "PLAYWRIGHT_DRIVER_NODE": str(_WRAPPER)},
        capture_output=True,
        timeout=20,
    )
    assert done.returncode != 0


def test_a_wrapper_inherited_from_a_parent_is_not_taken_for_node(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(_WRAPPER))
    node = own_session._wrapping().get("PLAYWRIGHT_DRIVER_NODE", "")
    assert isinstance(node, str)
    assert node != str(_WRAPPER)


def test_the_wrapper_gives_the_driver_the_temporary_folder_that_it_was_told() -> None:
    variables = ("PLAYWRIGHT_DRIVER_NODE", "PLAYWRIGHT_DRIVER_TMPDIR", "TMPDIR")
    shown = " ".join(f"${{{name}-none}}" for name in variables)
    done = subprocess.run(
        [_WRAPPER, "-c", f"echo {shown}"],
        env={**os.environ, "PLAYWRIGHT_DRIVER_NODE": "sh", "PLAYWRIGHT_DRIVER_TMPDIR": "/mine"},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.stdout == "none none /mine\n"
