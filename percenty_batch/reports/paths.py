"""Where the logs of a run are, as its reports show it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPaths:
    """The texts of [상세 로그 파일], and of each account's own two files.

    `accounts`, `errors` and `reports` are folders and end with a slash
    (`logs/accounts/20241201_143052/`). `log_of` and `error_log_of` map an account id to the
    text of its file; `error_line_of` tells in which line of its log the first error stands (None:
    nobody knows), `has_log` whether there is a log to be linked.
    """

    accounts: str
    errors: str
    reports: str
    log_of: Callable[[str], str]
    error_log_of: Callable[[str], str]
    error_line_of: Callable[[str], int | None] = lambda _account: None
    has_log: Callable[[str], bool] = lambda _account: True
