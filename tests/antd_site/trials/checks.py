"""What should be, and what is said where two things do not agree."""

from tests.antd_site.options import Options
from tests.antd_site.world import Product


def differs(what: str, is_now: object, should_be: object) -> list[str]:
    """Return a line that says so, unless both are the same."""
    return [] if is_now == should_be else [f"{what}: {is_now!r}, not {should_be!r}"]


def numbered(source: Product, options: Options) -> list[str]:
    """Return the option names as refining and numbering leave them, type by type."""
    half = (len(source.options) + 1) // 2 if options.option_types == "two" else len(source.options)
    types = source.options[:half], source.options[half:]
    return [f"{n}. 다듬은 {name}" for names in types for n, name in enumerate(names, start=1)]
