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
from percenty_batch.percenty.group_products import GroupProducts, ListedProduct, ProductPage
from percenty_batch.percenty.site import PercentySite
from percenty_batch.percenty.user_input import Fence

__all__ = [
    "LONGEST_NAME",
    "BulkImages",
    "DetailTab",
    "DisclosureForm",
    "Drawer",
    "Fence",
    "GroupProducts",
    "ImageEditor",
    "ListedProduct",
    "MemoDialog",
    "NameTab",
    "OptionImages",
    "OptionsTab",
    "PercentySite",
    "PriceTab",
    "ProductPage",
    "ThumbnailsTab",
    "are_numbered",
]
