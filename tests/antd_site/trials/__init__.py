"""Whole steps and single pages of the package on this site, held beside the site's own record.

They are used by a few tests and, for all variants, by `tests.antd_site.matrix`.
"""

from tests.antd_site.trials.edits import STEP3, STEP5
from tests.antd_site.trials.list_pages import LIST_PAGES
from tests.antd_site.trials.market_pages import MARKET_PAGES
from tests.antd_site.trials.moves import STEP2, STEP4
from tests.antd_site.trials.pages import PAGES
from tests.antd_site.trials.step1 import STEP1
from tests.antd_site.trials.trial import Seen, Trial
from tests.antd_site.trials.uploads import STEP6

_STEPS = (STEP1, STEP2, STEP3, STEP4, STEP5, STEP6)
TRIALS = {trial.name: trial for trial in (*_STEPS, *PAGES, *LIST_PAGES, *MARKET_PAGES)}

__all__ = ["TRIALS", "Seen", "Trial"]
