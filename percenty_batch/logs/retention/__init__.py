"""How long a run's files are kept: a pure plan, then its steps."""

from percenty_batch.logs.retention.carry_out import Tidied, carry_out
from percenty_batch.logs.retention.plan import Deed, Kept, RunFacts, Step, TidyPlan, tidy_plan

__all__ = ["Deed", "Kept", "RunFacts", "Step", "Tidied", "TidyPlan", "carry_out", "tidy_plan"]
