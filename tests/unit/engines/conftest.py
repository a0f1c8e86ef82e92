from tests.unit.jobs.loops import no_blocking_calls, pytest_asyncio_loop_factories

__all__ = ["no_blocking_calls", "pytest_asyncio_loop_factories"]
