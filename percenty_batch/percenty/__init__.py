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

__all__ = [
    "LONGEST_NAME",
    "DetailTab",
    "DisclosureForm",
    "Drawer",
    "GroupProducts",
    "ListedProduct",
    "MemoDialog",
    "NameTab",
    "OptionsTab",
    "PercentySite",
    "ProductPage",
]
