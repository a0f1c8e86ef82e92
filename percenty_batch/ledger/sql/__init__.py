"""The ledger over SQLAlchemy Core: one schema and one set of statements for both databases."""

from percenty_batch.ledger.sql.database import Database
from percenty_batch.ledger.sql.ledger import SqlLedger
from percenty_batch.ledger.sql.versions import bring_up_to_date, is_up_to_date

__all__ = ["Database", "SqlLedger", "bring_up_to_date", "is_up_to_date"]
