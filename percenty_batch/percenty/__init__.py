"""The site: one file per page. Nowhere else does a selector or a text of the site stand."""

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
from percenty_batch.percenty.product_filter import ListFilter
from percenty_batch.percenty.product_list import COLLECTED, MANAGED, ListKind, ProductList
from percenty_batch.percenty.product_rows import ListedProduct, ProductPage
from percenty_batch.percenty.selection import Selection
from percenty_batch.percenty.site import PercentySite
from percenty_batch.percenty.translation import TranslationDialog, TranslationOffer
from percenty_batch.percenty.translation_end import Translated, translation_end
from percenty_batch.percenty.user_input import Fence

__all__ = [
    "COLLECTED",
    "LONGEST_NAME",
    "MANAGED",
    "BulkImages",
    "DetailTab",
    "DisclosureForm",
    "Drawer",
    "Fence",
    "GroupProducts",
    "ImageEditor",
    "ListFilter",
    "ListKind",
    "ListedProduct",
    "MemoDialog",
    "NameTab",
    "OptionImages",
    "OptionsTab",
    "PercentySite",
    "PriceTab",
    "ProductList",
    "ProductPage",
    "Selection",
    "ThumbnailsTab",
    "Translated",
    "TranslationDialog",
    "TranslationOffer",
    "are_numbered",
    "is_same_group",
    "translation_end",
]
