"""The site: one file per page. Nowhere else does a selector or a text of the site stand."""

from percenty_batch.percenty.drawer import (
    LONGEST_NAME,
    DetailTab,
    DisclosureForm,
    Drawer,
    MemoDialog,
    NameTab,
    OptionsTab,
)
from percenty_batch.percenty.group_products import GroupProducts, ListedProduct, ProductPage
from percenty_batch.percenty.site import PercentySite
from percenty_batch.percenty.user_input import Fence

__all__ = [
    "LONGEST_NAME",
    "DetailTab",
    "DisclosureForm",
    "Drawer",
    "Fence",
    "GroupProducts",
    "ListedProduct",
    "MemoDialog",
    "NameTab",
    "OptionsTab",
    "PercentySite",
    "ProductPage",
]
