"""What the site under test may be like: the facts leave it open, so each is a setting."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One plausible Percenty. Times in seconds; the names are also the `--set` keys."""

    latency_s: tuple[float, float] = (0.05, 0.3)
    popups: int = 2
    popup_delay_s: float = 0.5
    image_delete_s: float = 0.3
    translation_s: float = 2.0  # of all selected products together
    image_translation_s: float = 0.6
    upload_s: float = 2.0
    verification_s: float = 0.4
    # everywhere
    sign_in_failure: Literal["toast", "inline", "modal"] = "toast"
    sign_in_store: Literal["cookie", "local", "session"] = "cookie"
    menu: Literal["expanded", "collapsed"] = "expanded"
    widget: Literal["script", "always", "off"] = "script"
    group_names: Literal["upper", "lower"] = "upper"
    closed_dialogs: Literal["kept", "destroyed"] = "kept"
    toasts: Literal["shown", "none"] = "shown"
    button_icons: Literal["none", "shown"] = "none"
    news: Literal["none", "polled"] = "none"  # asked for by the page again and again
    # the three lists
    list_refresh: Literal["self", "switch", "late"] = "self"
    row_select: Literal["search", "plain"] = "search"
    page_size: Literal["present", "absent", "in_pagination"] = "present"
    count_text: Literal["plain", "spaced", "split"] = "plain"
    switch_label: Literal["inside", "beside"] = "beside"
    # 신규 상품 등록 and 등록 상품 관리
    header_select: Literal["search", "plain"] = "plain"
    keyword_search: Literal["submit", "live"] = "submit"
    group_filter: Literal["at_once", "on_search"] = "at_once"
    filter_memory: Literal["forgotten", "kept"] = "forgotten"
    selection_after: Literal["cleared", "kept"] = "cleared"
    old_rows: Literal["replaced", "blanked"] = "replaced"  # while another list is asked for
    # 일괄 번역
    translation_notice: Literal["none", "shown"] = "none"
    quota_text: Literal["plain", "split", "of_total"] = "plain"
    translation_end: Literal["dialog_closes", "in_dialog", "toast", "quiet"] = "dialog_closes"
    # the product drawer
    duplicate_name: Literal["blur", "close"] = "close"
    autosave: Literal["field", "close", "button"] = "field"
    memo_strip: Literal["present", "absent"] = "present"
    form_values: Literal["at_once", "late"] = "at_once"  # of 가격 and 상품정보제공고시
    disclosure_labels: Literal["form", "plain"] = "plain"
    model_name: Literal["present", "missing", "mixed"] = "present"
    tab_panes: Literal["panel", "header"] = "panel"
    delete_dialog: Literal["modal", "confirm"] = "modal"
    editor: Literal["ckeditor", "imitation"] = "ckeditor"
    detail: Literal["text", "inline_images", "figures", "embed"] = "text"
    copy_feedback: Literal["toast", "confirm", "modal"] = "toast"
    single_options: Literal["shown", "hidden"] = "shown"
    ai_options: Literal["button_loads", "spin"] = "button_loads"
    option_types: Literal["one", "two"] = "one"
    thumbnail_drag: Literal["distance", "delay", "handle"] = "distance"
    copied_thumbnail: Literal["first", "last"] = "last"
    # the image editor
    image_editor: Literal["modal", "overlay", "heedless", "drawer"] = "modal"
    image_editor_start: Literal["clicked", "first"] = "clicked"
    image_editor_save: Literal["closes", "closes_late", "stays"] = "closes"
    image_editor_pace: Literal["at_once", "late"] = "at_once"
    # Saving shows that it is busy, or first draws, or uploads to a storage, and shows nothing.
    image_upload: Literal["none", "drawn", "presigned"] = "none"
    pictures: Literal["same_origin", "other_origin"] = "same_origin"
    # 마켓 설정
    market_badges: Literal["tag_in_tab", "badge_in_tab", "in_pane"] = "tag_in_tab"
    market_labels: Literal["form", "plain", "none"] = "form"
    market_panes: Literal["kept", "all", "active"] = "kept"
    market_question: Literal["confirm", "modal"] = "confirm"
    market_idle: Literal["disabled", "absent", "enabled"] = "disabled"
    market_input: Literal["open", "locked"] = "open"
    # upload and delete dialogs
    upload_question: Literal["none", "shown"] = "none"
    upload_markets: Literal["all", "connected", "none"] = "all"
    upload_table: Literal["whole", "paged"] = "whole"
    upload_table_rows: Literal["failed", "all"] = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong for one account. Counters count from 1, within the account's whole life.

    A stale list is the server's: the page shows the move only when it asks again after the time.
    """

    sign_in: Literal["none", "locked", "captcha"] = "none"
    shown_email: str | None = None
    expires_at_calls: frozenset[int] = frozenset()
    silent_moves: frozenset[int] = frozenset()
    stale_list_s: float = 0.0
    failing_uploads: frozenset[int] = frozenset()  # of the products, in the order of uploading
    rejected_keys: frozenset[str] = frozenset()  # of market keys, at API 검증


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Products that stand in a group from the start; newest first."""

    group: str
    count: int
    provider: str | None = None
    kind: str = "plain"
    is_translated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAccount:
    """One login of the site. `kinds` is repeated over its ungrouped products, newest first."""

    email: str
    password: str = field(repr=False)
    product_count: int = 5
    kinds: tuple[str, ...] = ("plain",)
    lots: tuple[Lot, ...] = (Lot(group="신규수집", count=3),)
    quota: int = 300  # products of 일괄 번역 that are left today
    image_quota: int = 2000
    connected: tuple[str, ...] = ("cp", "ss", "est")  # markets whose keys are there already
    faults: Faults = Faults()


KINDS = ("plain", "no_images", "many_images", "too_big", "warned", "single", "duplicate", "long")
