"""What the site under test may be like: the facts leave it open, so each is a setting."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One plausible Percenty. Times in seconds; the names are also the `--set` keys."""

    latency_s: tuple[float, float] = (0.05, 0.3)
    duplicate_name: Literal["blur", "close"] = "close"
    autosave: Literal["field", "close"] = "field"
    list_refresh: Literal["self", "switch", "late"] = "self"
    row_select: Literal["search", "plain"] = "search"
    group_names: Literal["upper", "lower"] = "upper"
    menu: Literal["expanded", "collapsed"] = "expanded"
    sign_in_failure: Literal["toast", "inline", "modal"] = "toast"
    sign_in_store: Literal["cookie", "local", "session"] = "cookie"
    popups: int = 2
    popup_delay_s: float = 0.5
    page_size: Literal["present", "absent"] = "present"
    count_text: Literal["plain", "spaced", "split"] = "plain"
    memo_strip: Literal["present", "absent"] = "present"
    switch_label: Literal["inside", "beside"] = "beside"
    disclosure_labels: Literal["form", "plain"] = "plain"
    model_name: Literal["present", "missing", "mixed"] = "present"
    tab_panes: Literal["panel", "header"] = "panel"
    closed_dialogs: Literal["kept", "destroyed"] = "kept"
    delete_dialog: Literal["modal", "confirm"] = "modal"
    image_delete_s: float = 0.3
    editor: Literal["ckeditor", "imitation"] = "ckeditor"
    detail: Literal["text", "inline_images", "figures", "embed"] = "text"
    widget: Literal["script", "always", "off"] = "script"


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong for one account. Counters count from 1, within the account's whole life.

    A stale list is the server's: the page shows the move only when it asks again after the time.
    """

    sign_in: Literal["none", "locked", "captcha"] = "none"
    shown_email: str | None = None
    failing_saves: frozenset[int] = frozenset()
    expires_at_calls: frozenset[int] = frozenset()
    silent_moves: frozenset[int] = frozenset()
    stale_list_s: float = 0.0
    hangs_after_calls: int | None = None
    slowness: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAccount:
    """One login of the site. `kinds` is repeated over its ungrouped products, newest first."""

    email: str
    password: str = field(repr=False)
    product_count: int = 5
    kinds: tuple[str, ...] = ("plain",)
    faults: Faults = Faults()


KINDS = ("plain", "no_images", "many_images", "too_big", "warned", "single", "duplicate", "long")
