"""All settings: one nested model per room; each room receives only its part.

File (TOML) < environment (`PERCENTY_*`, nested with `__`) < flags. Unknown keys are errors.
"""

from percenty_batch.settings.file import DEFAULT_FILE
from percenty_batch.settings.loading import Flag, check_variables, load_settings
from percenty_batch.settings.model import (
    BrowserSettings,
    DashboardSettings,
    EvidenceSettings,
    JobSettings,
    LedgerSettings,
    LogSettings,
    NotifySettings,
    ReportSettings,
    RetentionSettings,
    Settings,
    SiteSettings,
    StateSettings,
    StepSettings,
    setting_fields,
    variable_name,
)

__all__ = [
    "DEFAULT_FILE",
    "BrowserSettings",
    "DashboardSettings",
    "EvidenceSettings",
    "Flag",
    "JobSettings",
    "LedgerSettings",
    "LogSettings",
    "NotifySettings",
    "ReportSettings",
    "RetentionSettings",
    "Settings",
    "SiteSettings",
    "StateSettings",
    "StepSettings",
    "check_variables",
    "load_settings",
    "setting_fields",
    "variable_name",
]
