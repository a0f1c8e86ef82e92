from tests.integration.sandbox.conftest import browser

__all__ = ["browser"]
