"""The site: one file per page. Nowhere else does a selector or a text of the site stand."""

from percenty_batch.percenty.bulk_progress import BulkProgress, FailedProduct
from percenty_batch.percenty.delete_dialog import DeleteDialog, DeleteScope
from percenty_batch.percenty.drawer import (
    LONGEST_NAME,
    BulkImages,
    DetailTab,
    DisclosureForm,
    Drawer,
    ImageEditor,
    MemoDialog,
    NameTab,
    OptionImages,
    OptionsTab,
    PriceTab,
    ThumbnailsTab,
    are_numbered,
)
from percenty_batch.percenty.group_products import GroupProducts
from percenty_batch.percenty.groups import is_same_group
from percenty_batch.percenty.market_pane import MarketState
from percenty_batch.percenty.market_settings import MarketSettings
from percenty_batch.percenty.markets import (
    COUPANG,
    ELEVENTH,
    ELEVENTH_GLOBAL,
    ESM,
    LOTTEON,
    SMARTSTORE,
    TALKSTORE,
    Market,
)
from percenty_batch.percenty.product_filter import ListFilter
from percenty_batch.percenty.product_list import COLLECTED, MANAGED, ListKind, ProductList
from percenty_batch.percenty.product_rows import ListedProduct, ProductPage
from percenty_batch.percenty.selection import Selection
from percenty_batch.percenty.site import PercentySite
from percenty_batch.percenty.translation import TranslationDialog, TranslationOffer
from percenty_batch.percenty.translation_end import (
    Translated,
    translation_end,
    translation_state,
)
from percenty_batch.percenty.translation_signs import State, Told
from percenty_batch.percenty.upload_dialog import MOST_PER_UPLOAD, UploadDialog, UploadReport
from percenty_batch.percenty.user_input import Fence
from percenty_batch.percenty.verification import Verification, VerificationOutcome

__all__ = [
    "COLLECTED",
    "COUPANG",
    "ELEVENTH",
    "ELEVENTH_GLOBAL",
    "ESM",
    "LONGEST_NAME",
    "LOTTEON",
    "MANAGED",
    "MOST_PER_UPLOAD",
    "SMARTSTORE",
    "TALKSTORE",
    "BulkImages",
    "BulkProgress",
    "DeleteDialog",
    "DeleteScope",
    "DetailTab",
    "DisclosureForm",
    "Drawer",
    "FailedProduct",
    "Fence",
    "GroupProducts",
    "ImageEditor",
    "ListFilter",
    "ListKind",
    "ListedProduct",
    "Market",
    "MarketSettings",
    "MarketState",
    "MemoDialog",
    "NameTab",
    "OptionImages",
    "OptionsTab",
    "PercentySite",
    "PriceTab",
    "ProductList",
    "ProductPage",
    "Selection",
    "State",
    "ThumbnailsTab",
    "Told",
    "Translated",
    "TranslationDialog",
    "TranslationOffer",
    "UploadDialog",
    "UploadReport",
    "Verification",
    "VerificationOutcome",
    "are_numbered",
    "is_same_group",
    "translation_end",
    "translation_state",
]
