"""The twelve accounts of the demo, with what a true report of step 1 says about each."""

import csv
from collections.abc import Sequence
from pathlib import Path

from percenty_batch.sandbox.accounts import (
    Expectation,
    Faults,
    Refusal,
    SandboxAccount,
    Shape,
)

_PLAIN = Shape()
_MANY_IMAGES = Shape(images=32, options=4)  # two too many; 30 + 4 <= 50
_MANY_OPTIONS = Shape(images=28, options=23)  # 51 together: the trash group
_NO_IMAGES = Shape(images=0)
_FLAGGED = Shape(has_flagged_name=True)
_NO_MODEL = Shape(has_model=False)
_SINGLE = Shape(options=0)
_NO_FAULTS = Faults()


def demo_accounts(seed: int = 1) -> tuple[SandboxAccount, ...]:
    """Make twelve accounts: six on a healthy site, six broken on purpose."""
    healthy = (
        _healthy(seed, 1, (_FLAGGED,)),
        _healthy(seed, 2, (_PLAIN, _NO_MODEL), popups=3, faults=Faults(session_expires_after=30)),
        _images(seed, 3),
        _healthy(seed, 4, (_SINGLE,), faults=Faults(duplicate_names=2)),
        _healthy(seed, 5, (_PLAIN,), faults=Faults(stale_list_s=4.0, is_hostile=True)),
        _healthy(seed, 6, (_PLAIN,), faults=Faults(slowness=3.0)),
    )
    broken = (
        _refused(seed, 7, "wrong_password"),
        _refused(seed, 8, "locked"),
        _refused(seed, 9, "captcha"),
        _account(
            seed,
            10,
            faults=Faults(shown_email="someone-else@example.com"),
            expected=Expectation(status="failed", done=0, failure_kind="wrong_account"),
        ),
        _account(
            seed,
            11,
            faults=Faults(broken_products=(1,)),
            expected=Expectation(status="partial", done=1, failed=1),
        ),
        _account(
            seed,
            12,
            faults=Faults(silent_products=(1,)),
            expected=Expectation(status="partial", done=1, failed=1),
        ),
    )
    return (*healthy, *broken)


def write_accounts_csv(path: Path, accounts: Sequence[SandboxAccount]) -> None:
    """Write an accounts file with the columns id,password."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "password"))
        writer.writerows((account.id, account.password) for account in accounts)


def _images(seed: int, number: int) -> SandboxAccount:
    """A healthy site, yet the product without images ends as a failed item."""
    return _account(
        seed,
        number,
        shapes=(_MANY_IMAGES, _NO_IMAGES, _MANY_OPTIONS),
        has_lower_case_trash=True,
        expected=Expectation(status="partial", done=2, failed=1),
    )


def _healthy(
    seed: int,
    number: int,
    shapes: tuple[Shape, ...],
    *,
    popups: int = 1,
    faults: Faults = _NO_FAULTS,
) -> SandboxAccount:
    return _account(
        seed,
        number,
        shapes=shapes,
        popups=popups,
        faults=faults,
        expected=Expectation(status="succeeded", done=len(shapes)),
    )


def _refused(seed: int, number: int, refusal: Refusal) -> SandboxAccount:
    return _account(
        seed,
        number,
        faults=Faults(refusal=refusal),
        expected=Expectation(status="failed", done=0, failure_kind=refusal),
    )


def _account(
    seed: int,
    number: int,
    *,
    shapes: tuple[Shape, ...] = (_PLAIN,) * 2,
    popups: int = 1,
    has_lower_case_trash: bool = False,
    faults: Faults = _NO_FAULTS,
    expected: Expectation,
) -> SandboxAccount:
    return SandboxAccount(
        id=f"demo{number:02d}@example.com",
        password=f"demo-{seed}-{number:02d}!pw",
        shapes=shapes,
        popups=popups,
        has_lower_case_trash=has_lower_case_trash,
        faults=faults,
        expected=expected,
    )
