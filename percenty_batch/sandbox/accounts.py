"""Who may sign in to the sandbox, what they own, and what goes wrong for them."""

from dataclasses import dataclass, field
from typing import Literal

Refusal = Literal["wrong_password", "locked", "captcha"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One ungrouped product in figures. `options` of 0 is a single-item product."""

    images: int = 6
    options: int = 3
    thumbnails: int = 5
    has_model: bool = True
    has_flagged_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerFaults:
    """What goes wrong in the product drawer, each by its ordinals in the account, from 1."""

    endless_translations: tuple[int, ...] = ()  # never answered
    translation_errors: tuple[int, ...] = ()  # answered with 500, as all errors
    editor_save_errors: tuple[int, ...] = ()
    endless_refinements: tuple[int, ...] = ()
    refinement_errors: tuple[int, ...] = ()
    copy_errors: tuple[int, ...] = ()
    double_copies: tuple[int, ...] = ()  # one click makes two copies
    silent_image_deletes: tuple[int, ...] = ()  # answered OK, and the image stays
    silent_saves: tuple[int, ...] = ()  # of fields: answered as if taken, and not kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong for one account. Ordinals count from 1; positions in `shapes` from 0."""

    refusal: Refusal | None = None
    sign_in_errors: int = 0  # so many sign-ins are answered with 500 first
    shown_email: str | None = None  # the header shows this one instead
    save_errors: tuple[int, ...] = ()  # ordinals of the saves answered with 500
    broken_products: tuple[int, ...] = ()  # positions whose saves are all answered with 500
    silent_moves: tuple[int, ...] = ()  # ordinals of the moves answered OK that do not happen
    silent_products: tuple[int, ...] = ()  # positions that never move, though answered OK
    stale_list_s: float = 0.0  # after a move the list stays as it was, unless refreshed
    slowness: float = 1.0  # factor on the site's latency
    hangs_after: int | None = None  # so many API calls are answered, sign-in included; then none
    session_expires_after: int | None = None  # API calls until 401
    session_expiries: int = 1  # only so many sign-ins expire, later ones last
    duplicate_names: int = 0  # so many products become duplicates by any appended letter A-Z
    drawer: DrawerFaults = DrawerFaults()
    is_hostile: bool = False  # the page forges log lines and prints the password


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a true report of step 1 over this account says.

    `failure_kind` is the job's own failure; failed items alone leave it None.
    """

    status: str
    done: int
    failed: int = 0
    failure_kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxAccount:
    """One login of the sandbox; `shapes` are its ungrouped products, newest first."""

    id: str
    password: str = field(repr=False)
    shapes: tuple[Shape, ...] = (Shape(), Shape(), Shape(), Shape())
    grouped: int = 24
    popups: int = 1
    has_lower_case_trash: bool = False
    faults: Faults = Faults()
    expected: Expectation | None = None
