"""Look for secrets in files, in every form in which one may get there.

Knows nothing of the masking that it examines.
"""

from tests.leaks.forms import forms
from tests.leaks.search import Search, search

__all__ = ["Search", "forms", "search"]
