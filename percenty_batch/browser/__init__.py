"""The browser: found, started once, shared by the accounts, closed on every path."""

from percenty_batch.browser.capacity import Capacity, suggested_concurrency
from percenty_batch.browser.failures import translate
from percenty_batch.browser.find import BrowserChoice, find_browser
from percenty_batch.browser.handlers import CallWatcher
from percenty_batch.browser.launcher import Launcher
from percenty_batch.browser.session import Session
from percenty_batch.browser.sign_in_store import SignInStore

__all__ = [
    "BrowserChoice",
    "CallWatcher",
    "Capacity",
    "Launcher",
    "Session",
    "SignInStore",
    "find_browser",
    "suggested_concurrency",
    "translate",
]
