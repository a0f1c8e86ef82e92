"""Everything this program raises on purpose, in one tree.

PercentyBatchError
├── InputError              the user's input or settings; exit code 2, nothing was started
├── CannotRunError          no browser, no site, no folder; exit code 3
│   ├── DiskError           too little room to begin; exit code 6
│   ├── RunLostError        another process took the run over while we stood still
│   └── LedgerError         the ledger cannot be opened, read or written
│       └── RunTakenError   a run of that id is in the ledger already
└── WorkError               one account's work; carries the FailureKind that the report shows
    ├── SignInError         wrong_password, locked, captcha, blocked, wrong_account …
    ├── SignedOutError      the site ended the sign-in; a new one continues the work
    ├── LeaseHeldError      another process drives the account
    ├── LeaseLostError      another process took the account over while we stood still
    ├── GaveUpError         too many items failed in a row; another attempt would do the same
    └── ItemError           this item only; the account goes on with the next one
        └── BudgetShortError    less is left of a budget than the item needs
"""

from enum import StrEnum


class FailureKind(StrEnum):
    """What went wrong, as the report and the retry decision name it."""

    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a kind, not a password
    LOCKED = "locked"
    CAPTCHA = "captcha"
    BLOCKED = "blocked"
    WRONG_ACCOUNT = "wrong_account"
    SITE_ERROR = "site_error"
    TIMEOUT = "timeout"
    PAGE_CHANGED = "page_changed"
    BROWSER_CRASHED = "browser_crashed"
    IN_USE = "in_use"
    DATA = "data"
    UNKNOWN = "unknown"


class PercentyBatchError(Exception):
    """Base of the tree. The message is one Korean line for the user."""


class InputError(PercentyBatchError):
    """The user's input cannot be used: names the file, row or option."""


class CannotRunError(PercentyBatchError):
    """Nothing can run here: says what is missing and what to do."""


class DiskError(CannotRunError):
    """There is too little room on the disk to begin: says where and how much."""


class LedgerError(CannotRunError):
    """The ledger refuses: nothing may be changed on the site that it does not know of."""


class RunLostError(CannotRunError):
    """Another process took the run over while we stood still: the rest, and the report, is its."""


class RunTakenError(LedgerError):
    """The run's id is taken."""


class WorkError(PercentyBatchError):
    """An account's work cannot go on.

    `effect_unknown` is true when the site may or may not have taken the last change.
    """

    def __init__(self, kind: FailureKind, message: str, *, effect_unknown: bool = False) -> None:
        super().__init__(message)
        self.kind = kind
        self.effect_unknown = effect_unknown


class SignInError(WorkError):
    """The sign-in ended in a known way other than success."""


class SignedOutError(WorkError):
    """The site no longer knows our sign-in."""

    def __init__(self, message: str = "로그인이 만료되었습니다") -> None:
        super().__init__(FailureKind.SITE_ERROR, message)


class LeaseHeldError(WorkError):
    """Another process drives the account: says who and since when."""

    def __init__(self, message: str) -> None:
        super().__init__(FailureKind.IN_USE, message)


class LeaseLostError(WorkError):
    """Our right to drive the account lapsed and somebody else has it now."""

    def __init__(self, message: str = "이 계정을 다른 실행이 넘겨받아 멈춥니다") -> None:
        super().__init__(FailureKind.IN_USE, message)


class GaveUpError(WorkError):
    """The account goes no further in this batch."""


class ItemError(WorkError):
    """One item could not be finished; the others are not affected."""


class BudgetShortError(ItemError):
    """Less is left of a budget than the item needs: no failure, it is taken up another day."""


def os_reason(error: OSError) -> str:
    """Say in Korean why the operating system refused a file, folder or port."""
    match error:
        case FileNotFoundError():
            return "없음"
        case PermissionError():
            return "권한이 없음"
        case IsADirectoryError():
            return "파일이 아니라 폴더임"
        case NotADirectoryError():
            return "폴더가 아님"
    return error.strerror or type(error).__name__
