"""What is said where two things do not agree."""


def differs(what: str, is_now: object, should_be: object) -> list[str]:
    """Return a line that says so, unless both are the same."""
    return [] if is_now == should_be else [f"{what}: {is_now!r}, not {should_be!r}"]
