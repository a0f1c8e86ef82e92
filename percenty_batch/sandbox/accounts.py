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
class MarketFaults:
    """What goes wrong in 마켓 설정 and in uploads. Ordinals count from 1 over the account."""

    refused_keys: tuple[str, ...] = ()  # no market knows them
    silent_keys: tuple[str, ...] = ()  # their verification is never answered
    verification_errors: tuple[int, ...] = ()  # ordinals answered with 500
    disconnection_errors: tuple[int, ...] = ()
    silent_disconnections: tuple[int, ...] = ()  # ordinals answered OK that do not happen
    staying_dialogs: tuple[int, ...] = ()  # ordinals of disconnections whose dialog stays open
    unsellable_per_group: int = 0  # so many of each group, the oldest, are refused every time
    upload_errors: tuple[int, ...] = ()  # ordinals of products whose upload is answered with 500
    silent_uploads: tuple[int, ...] = ()  # ordinals of products whose upload is never answered
    lost_uploads: tuple[int, ...] = ()  # ordinals answered OK that do not happen


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
    markets: MarketFaults = MarketFaults()
    has_loose_search: bool = False  # the search for names finds what the memos hold as well
    has_lasting_selection: bool = False  # what was selected stays so when its rows have left
    most_per_page: int = 50  # the lists offer no page size beyond
    list_errors: tuple[int, ...] = ()  # ordinals of the calls for a list answered with 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """So many alike products besides the ungrouped ones. `code` ends their names' first part.

    `markets` are the keys of the markets that they are uploaded to: without any they stand in
    신규 상품 등록 as well. `is_foreign`: the names are Chinese until they are translated.
    """

    group: str | None
    count: int = 1
    code: str = "H16"
    markets: tuple[str, ...] = ()
    shape: Shape = Shape()
    is_foreign: bool = False


# How the page tells that a bulk translation has ended: how the real one does is not known.
# "dialog": the dialog stays, with its progress; "rows": it closes, and the rows carry a mark;
# "toast": it closes, and a message comes in the end; "button": the start button is loading;
# "names": it closes, and only the products' names tell.
TranslationSign = Literal["dialog", "rows", "toast", "button", "names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """How 일괄 번역 goes for one account. Ordinals count from 1.

    `quota` is of each day; a lot of n products takes `lot_s` seconds, one product after another.
    """

    quota: int = 300
    lot_s: float = 0.5
    sign: TranslationSign = "dialog"
    notices: int = 0  # so many openings show another dialog first
    is_quota_unreadable: bool = False
    errors: tuple[int, ...] = ()  # ordinals of the starts answered with 500
    hanging: tuple[int, ...] = ()  # ordinals of the starts whose translation never ends
    failing: tuple[int, ...] = ()  # ordinals of the products, as started, that come to nothing


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
    """One login of the sandbox; `shapes` are its ungrouped products, newest first.

    Raises ValueError for a fault of a product that there is not.
    """

    id: str
    password: str = field(repr=False)
    shapes: tuple[Shape, ...] = (Shape(), Shape(), Shape(), Shape())
    stock: tuple[Stock, ...] = ()
    grouped: int = 24
    popups: int = 1
    translation: Translation = Translation()
    has_lower_case_trash: bool = False
    faults: Faults = Faults()
    expected: Expectation | None = None

    def __post_init__(self) -> None:
        positions = {*self.faults.broken_products, *self.faults.silent_products}
        if beyond := sorted(positions - set(range(len(self.shapes)))):
            raise ValueError(f"{self.id}: faults of products {beyond}, of {len(self.shapes)}")
