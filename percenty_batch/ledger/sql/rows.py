"""Rows turned into records and back: the one place that knows both."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from percenty_batch.errors import FailureKind
from percenty_batch.ledger.leases import Standing
from percenty_batch.ledger.records import (
    AttemptRecord,
    BatchEnd,
    BatchPlan,
    Edit,
    Holder,
    ItemRecord,
    JobEnd,
    Owner,
    RunPlan,
    Start,
)
from percenty_batch.models import (
    Failure,
    ItemOutcome,
    ItemResult,
    LogGap,
    Missing,
    OnFailure,
    StopReason,
)

Values = Mapping[str, Any]


def owner_values(owner: Owner) -> Values:
    return {
        "owner_place": owner.place,
        "owner_host": owner.host,
        "owner_pid": owner.pid,
        "owner_born": owner.born,
        "owner_run_id": owner.run_id,
    }


def owner_of(row: RowMapping) -> Owner:
    return Owner(
        place=row["owner_place"],
        host=row["owner_host"],
        pid=row["owner_pid"],
        born=row["owner_born"],
        run_id=row["owner_run_id"],
    )


def run_values(plan: RunPlan) -> Values:
    return {
        "stamp": plan.stamp,
        "host": plan.host,
        "logs_folder": plan.logs_folder,
        "site": plan.site,
    }


def run_plan_of(row: RowMapping) -> RunPlan:
    return RunPlan(
        run_id=row["run_id"],
        stamp=row["stamp"],
        host=row["host"],
        logs_folder=row["logs_folder"],
        site=row["site"],
    )


def start_values(start: Start) -> Values:
    return {
        **owner_values(start.owner),
        "version": start.version,
        "started_at": start.started_at,
        "finished_at": start.finished_at,
    }


def start_of(row: RowMapping) -> Start:
    return Start(
        number=row["number"],
        owner=owner_of(row),
        version=row["version"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )


def batch_plan_values(plan: BatchPlan) -> Values:
    return {
        "step": plan.step,
        "quantity": plan.quantity,
        "started_at": plan.started_at,
        "round_number": plan.round_number,
        "on_failure": plan.on_failure,
    }


def batch_plan_of(row: RowMapping, requested: Mapping[str, int]) -> BatchPlan:
    return BatchPlan(
        run_id=row["run_id"],
        job_id=row["job_id"],
        step=row["step"],
        quantity=row["quantity"],
        requested=requested,
        started_at=row["started_at"],
        round_number=row["round_number"],
        on_failure=OnFailure(row["on_failure"]),
    )


def batch_end_values(end: BatchEnd | None) -> Values:
    return {
        "finished_at": end and end.finished_at,
        "duration_s": end and end.duration_s,
        "interrupted_by": end and end.interrupted_by,
        "halted": end and end.halted,
        "gaps": end and [_gap_values(gap) for gap in end.gaps],
    }


def batch_end_of(row: RowMapping) -> BatchEnd | None:
    if row["finished_at"] is None:
        return None
    return BatchEnd(
        finished_at=row["finished_at"],
        duration_s=row["duration_s"],
        interrupted_by=row["interrupted_by"],
        halted=row["halted"],
        gaps=tuple(map(_gap_of, row["gaps"] or ())),
    )


def _gap_values(gap: LogGap) -> Values:
    return {
        "missing": gap.missing,
        "cause": gap.cause,
        "since": gap.since.isoformat(),
        "until": gap.until and gap.until.isoformat(),
        "count": gap.count,
    }


def _gap_of(values: Values) -> LogGap:
    until = values["until"]
    return LogGap(
        missing=Missing(values["missing"]),
        cause=values["cause"],
        since=datetime.fromisoformat(values["since"]),
        until=until and datetime.fromisoformat(until),
        count=values["count"],
    )


def failure_values(failure: Failure | None) -> Values:
    return {
        "failure_kind": failure and failure.kind,
        "failure_message": failure and failure.message,
    }


def failure_of(row: RowMapping) -> Failure | None:
    if row["failure_kind"] is None:
        return None
    return Failure(kind=FailureKind(row["failure_kind"]), message=row["failure_message"])


def job_end_values(end: JobEnd | None) -> Values:
    return {
        **failure_values(end.failure if end else None),
        "stop_reason": end and end.stop_reason,
        "finished_at": end and end.finished_at,
        "duration_s": end and end.duration_s,
        "source_before": end and end.source_before,
        "source_after": end and end.source_after,
        "evidence": end and end.evidence,
    }


def job_end_of(row: RowMapping) -> JobEnd | None:
    if row["stop_reason"] is None:
        return None
    return JobEnd(
        stop_reason=StopReason(row["stop_reason"]),
        failure=failure_of(row),
        finished_at=row["finished_at"],
        duration_s=row["duration_s"],
        source_before=row["source_before"],
        source_after=row["source_after"],
        evidence=tuple(row["evidence"] or ()),
    )


def attempt_of(row: RowMapping) -> AttemptRecord:
    return AttemptRecord(
        number=row["number"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        failure=failure_of(row),
    )


def result_values(result: ItemResult | None) -> Values:
    return {
        "outcome": result and result.outcome,
        "reason": result and result.reason,
        "kind": result and result.kind,
        "moved_to": result and result.moved_to,
        "amount": result and result.amount,
        "duration_s": result and result.duration_s,
        "evidence": result and result.evidence,
    }


def item_of(row: RowMapping) -> ItemRecord:
    return ItemRecord(
        key=row["key"],
        claimed_at=row["claimed_at"],
        result=_result_of(row),
        recorded_at=row["recorded_at"],
    )


def _result_of(row: RowMapping) -> ItemResult | None:
    if row["outcome"] is None:
        return None
    return ItemResult(
        key=row["key"],
        outcome=ItemOutcome(row["outcome"]),
        reason=row["reason"],
        kind=row["kind"] and FailureKind(row["kind"]),
        moved_to=row["moved_to"],
        amount=row["amount"],
        duration_s=row["duration_s"],
        evidence=tuple(row["evidence"] or ()),
        recorded_at=row["recorded_at"],
    )


def edit_of(row: RowMapping) -> Edit:
    return Edit(action=row["action"], intended=row["intended"], is_done=row["is_done"])


def standing_values(standing: Standing) -> Values:
    holder = standing.holder
    if holder is None:
        return {"token": standing.token, "expires_at": None}
    return {
        **owner_values(holder.owner),
        "token": standing.token,
        "since": holder.since,
        "renewed_at": holder.renewed_at,
        "expires_at": holder.expires_at,
    }


def standing_of(row: RowMapping) -> Standing:
    if row["expires_at"] is None:
        return Standing(token=row["token"])
    holder = Holder(
        owner=owner_of(row),
        since=row["since"],
        renewed_at=row["renewed_at"],
        expires_at=row["expires_at"],
    )
    return Standing(token=row["token"], holder=holder)
