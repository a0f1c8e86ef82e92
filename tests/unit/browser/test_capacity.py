import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.browser.capacity import Readings, capacity, suggested_concurrency

GIB = 1024**3
MIB = 1024**2


def readings(
    cpu_count: float = 64,
    free_gib: float = 64,
    memory_limit: int | None = None,
    pids_limit: int | None = None,
) -> Readings:
    return Readings(
        cpu_count=cpu_count,
        free_memory_bytes=int(free_gib * GIB),
        memory_limit_bytes=memory_limit,
        pids_limit=pids_limit,
    )


@pytest.mark.parametrize(
    ("given_readings", "text"),
    [
        (readings(), "동시 계정 수 16 (기본 최대 16)"),
        (readings(cpu_count=2), "동시 계정 수 8 (CPU 2개)"),
        (readings(cpu_count=0.5), "동시 계정 수 2 (CPU 0.5개)"),
        (readings(free_gib=1), "동시 계정 수 7 (남은 메모리 1,024 MiB)"),
        (readings(memory_limit=512 * MIB), "동시 계정 수 1 (메모리 한도 512 MiB)"),
        (readings(memory_limit=GIB), "동시 계정 수 7 (메모리 한도 1,024 MiB)"),
        (readings(pids_limit=150), "동시 계정 수 2 (PID 한도 150)"),
    ],
)
def test_the_tightest_limit_decides_and_is_named(given_readings: Readings, text: str) -> None:
    assert str(capacity(given_readings)) == text


@given(
    cpu_count=st.floats(0.01, 1024),
    free_memory_bytes=st.integers(0, 2**45),
    memory_limit_bytes=st.none() | st.integers(0, 2**45),
    pids_limit=st.none() | st.integers(0, 2**22),
)
def test_there_is_always_room_for_one_and_never_for_more_than_sixteen(
    cpu_count: float,
    free_memory_bytes: int,
    memory_limit_bytes: int | None,
    pids_limit: int | None,
) -> None:
    result = capacity(
        Readings(
            cpu_count=cpu_count,
            free_memory_bytes=free_memory_bytes,
            memory_limit_bytes=memory_limit_bytes,
            pids_limit=pids_limit,
        )
    )
    assert 1 <= result.count <= 16


def test_this_machine_has_room_for_one_and_a_reason() -> None:
    here = suggested_concurrency()
    assert 1 <= here.count <= 16
    assert here.reason in str(here)
