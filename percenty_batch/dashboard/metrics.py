"""The latest run in Prometheus' text format (version 0.0.4). Pure."""

from collections.abc import Iterator, Mapping

from percenty_batch.dashboard.reading import WINDOW
from percenty_batch.dashboard.standing import STATUS_ORDER, Standing, outline_of, pace_of

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def metrics_text(standing: Standing | None, *, refused_count: int) -> str:
    """Write all metrics; without a run only those of the dashboard itself."""
    lines = [] if standing is None else [*_run_lines(standing)]
    lines += _metric(
        "percenty_dashboard_refused_tokens_total",
        "counter",
        "Wrong tokens that were given to the dashboard.",
        [({}, refused_count)],
    )
    return "\n".join(lines) + "\n"


def _run_lines(standing: Standing) -> Iterator[str]:
    outline, pace = outline_of(standing), pace_of(standing, WINDOW)
    totals, start = outline.totals, standing.progress.starts[-1]
    run = {"run": outline.run_id}
    yield from _metric(
        "percenty_run_running",
        "gauge",
        "Whether somebody works at the latest run.",
        [(run, int(outline.is_running))],
    )
    yield from _metric(
        "percenty_run_accounts",
        "gauge",
        "Accounts in batches of the latest run, by status.",
        [
            ({**run, "status": status.value}, outline.statuses.get(status, 0))
            for status in STATUS_ORDER
        ],
    )
    items = {
        "done": totals.done,
        "failed": totals.failed,
        "skipped": totals.skipped,
        "unknown": totals.unknown - outline.in_flight,
        "in_flight": outline.in_flight,
        "not_attempted": totals.not_attempted,
    }
    yield from _metric(
        "percenty_run_items",
        "gauge",
        "Items of the latest run, by outcome.",
        [({**run, "outcome": name}, count) for name, count in items.items()],
    )
    yield from _metric(
        "percenty_run_items_per_minute",
        "gauge",
        "Items recorded per minute, over the last ten minutes.",
        [(run, pace.per_minute if outline.is_running else 0.0)],
    )
    yield from _metric(
        "percenty_run_started_timestamp_seconds",
        "gauge",
        "When the latest start of the latest run began.",
        [(run, start.started_at.timestamp())],
    )
    if start.finished_at is not None:
        yield from _metric(
            "percenty_run_finished_timestamp_seconds",
            "gauge",
            "When the latest start of the latest run ended in order.",
            [(run, start.finished_at.timestamp())],
        )


def _metric(
    name: str, kind: str, text: str, samples: list[tuple[Mapping[str, str], float]]
) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        told = ",".join(f'{key}="{each.translate(_ESCAPES)}"' for key, each in labels.items())
        yield f"{name}{{{told}}} {value:.10g}" if told else f"{name} {value:.10g}"
