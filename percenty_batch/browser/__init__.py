"""The browsers: found, shared by the accounts, renewed, replaced, closed on every path."""

from playwright.async_api import Page, StorageState

from percenty_batch.browser.capacity import Capacity, suggested_concurrency
from percenty_batch.browser.evidence import EvidenceFolder, EvidenceTaker, Witness
from percenty_batch.browser.failures import translate
from percenty_batch.browser.fenced import fenced
from percenty_batch.browser.find import BrowserChoice, find_browser
from percenty_batch.browser.handlers import CallWatcher
from percenty_batch.browser.launcher import Launcher, sweep
from percenty_batch.browser.session import Session
from percenty_batch.browser.sign_in_store import SignInStore

__all__ = [
    "BrowserChoice",
    "CallWatcher",
    "Capacity",
    "EvidenceFolder",
    "EvidenceTaker",
    "Launcher",
    "Page",
    "Session",
    "SignInStore",
    "StorageState",
    "Witness",
    "fenced",
    "find_browser",
    "suggested_concurrency",
    "sweep",
    "translate",
]
