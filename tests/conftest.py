"""What holds for all tests."""

import gc

gc.disable()


def pytest_collection_finish() -> None:
    """What was collected stays to the end: it need not be looked through again and again."""
    gc.enable()
    gc.freeze()
