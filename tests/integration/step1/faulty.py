"""One run over accounts that are broken in as many ways, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from percenty_batch import Account, BatchManager, FailureKind, JobStatus, StopReason
from percenty_batch.sandbox import Faults, SandboxAccount, SandboxSite, Shape
from tests.integration.step1.running import Run, run_with, settings_for

PLAIN = Shape()
NO_FAULTS = Faults()
CANARY = "Canary"
"""Stands in every password, and nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a true report says about an account. `letters` are those of its products, in order."""

    status: JobStatus
    done: int = 0
    failed: int = 0
    unknown: int = 0
    failure: FailureKind | None = None
    attempts: int = 1
    stop: StopReason = StopReason.SOURCE_EMPTY
    letters: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    account: SandboxAccount
    expected: Expected


def _case(
    name: str,
    expected: Expected,
    *,
    shapes: Sequence[Shape] = (PLAIN, PLAIN),
    faults: Faults = NO_FAULTS,
    popups: int = 0,
) -> Case:
    account = SandboxAccount(
        id=f"{name}@example.com",
        password=f"{CANARY}-{name}-&\"'7",
        shapes=tuple(shapes),
        grouped=2,
        popups=popups,
        faults=faults,
    )
    return Case(account=account, expected=expected)


def _refused(name: str, failure: FailureKind, faults: Faults = NO_FAULTS) -> Case:
    expected = Expected(status=JobStatus.FAILED, failure=failure, stop=StopReason.ERROR)
    return _case(name, expected, faults=faults)


def _succeeded(done: int, letters: str, attempts: int = 1) -> Expected:
    return Expected(status=JobStatus.SUCCEEDED, done=done, attempts=attempts, letters=letters)


PLENTY = "plenty@example.com"
WRONG_PASSWORD = "wrong-password@example.com"

# The long ones first: all slots are busy to the end.
CASES = (
    _case(
        "hangs",
        Expected(
            status=JobStatus.PARTIAL,
            done=1,
            failed=1,
            failure=FailureKind.TIMEOUT,
            attempts=3,
            stop=StopReason.ERROR,
            letters="A",
        ),
        faults=Faults(hangs_after=25),
    ),
    _case(
        "plenty",
        _succeeded(1, "AB"),
        shapes=(Shape(has_flagged_name=True), Shape(has_model=False)),
    ),
    _case(
        "troubled",
        _succeeded(1, "A", attempts=2),
        shapes=(Shape(options=0),),
        faults=Faults(sign_in_errors=1, duplicate_names=1, stale_list_s=1.0),
        popups=3,
    ),
    _refused("wrong-password", FailureKind.WRONG_PASSWORD),
    _refused("wrong-account", FailureKind.WRONG_ACCOUNT, Faults(shown_email="another@example.org")),
)
ACCOUNTS = tuple(case.account for case in CASES)
IDS = tuple(account.id for account in ACCOUNTS)
EXPECTED = {case.account.id: case.expected for case in CASES}


def faulty_run(folder: Path) -> Run:
    """Two batches of one run: one of PLENTY's two products, then all that is left of all."""

    def batches(manager: BatchManager) -> None:
        manager.run_single_step(step=1, accounts=[PLENTY], quantity=1)
        manager.run_single_step(step=1, quantity=5)

    with SandboxSite(accounts=ACCOUNTS, chat_widget="served") as site:
        settings = settings_for(site.url, folder)
        return run_with(site, ACCOUNTS, settings, folder, batches, given=_given())


def _given() -> list[Account]:
    return [
        Account(id=a.id, password=f"{CANARY}-typo" if a.id == WRONG_PASSWORD else a.password)
        for a in ACCOUNTS
    ]
