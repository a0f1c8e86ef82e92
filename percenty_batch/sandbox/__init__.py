"""The imitation of Percenty that ships with the package: the demo's site, and the tests'.

It knows nothing of the rest of the package, so it cannot be tuned to it. What it imitates is told
in the README; what really happened on it is told by its own record.
"""

from percenty_batch.sandbox.accounts import (
    DrawerFaults,
    Expectation,
    Faults,
    MarketFaults,
    Refusal,
    SandboxAccount,
    Shape,
    Stock,
    Translation,
    TranslationSign,
)
from percenty_batch.sandbox.demo import demo_accounts, write_accounts_csv
from percenty_batch.sandbox.record import AccountSummary, Change, record_summary
from percenty_batch.sandbox.server import ChatWidget
from percenty_batch.sandbox.serving import SandboxSite, serve
from percenty_batch.sandbox.world import Product

__all__ = [
    "AccountSummary",
    "Change",
    "ChatWidget",
    "DrawerFaults",
    "Expectation",
    "Faults",
    "MarketFaults",
    "Product",
    "Refusal",
    "SandboxAccount",
    "SandboxSite",
    "Shape",
    "Stock",
    "Translation",
    "TranslationSign",
    "demo_accounts",
    "record_summary",
    "serve",
    "write_accounts_csv",
]
