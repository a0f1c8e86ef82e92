"""Group names, compared as the site's accounts need it (percenty-steps §0)."""

import re

UNGROUPED = "그룹 없음"


def is_same_group(one: str, other: str) -> bool:
    """Full-string, without regard to case: some accounts have `복제x`, others `복제X`."""
    return one.strip().casefold() == other.strip().casefold()


def group_pattern(name: str) -> re.Pattern[str]:
    """The same rule as a pattern for a whole text."""
    return re.compile(rf"^\s*{re.escape(name.strip())}\s*$", re.IGNORECASE)
