"""The product drawer: its frame and one file per tab or dialog."""

from percenty_batch.percenty.drawer.detail import BulkImages, DetailTab
from percenty_batch.percenty.drawer.disclosure import DisclosureForm
from percenty_batch.percenty.drawer.frame import Drawer
from percenty_batch.percenty.drawer.memo import MemoDialog
from percenty_batch.percenty.drawer.name import LONGEST_NAME, NameTab
from percenty_batch.percenty.drawer.options import OptionsTab

__all__ = [
    "LONGEST_NAME",
    "BulkImages",
    "DetailTab",
    "DisclosureForm",
    "Drawer",
    "MemoDialog",
    "NameTab",
    "OptionsTab",
]
