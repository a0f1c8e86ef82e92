"""The product drawer: its frame and one file per tab or dialog."""

from percenty_batch.percenty.drawer.detail import BulkImages, DetailTab
from percenty_batch.percenty.drawer.disclosure import DisclosureForm
from percenty_batch.percenty.drawer.editor import ImageEditor
from percenty_batch.percenty.drawer.frame import Drawer
from percenty_batch.percenty.drawer.memo import MemoDialog
from percenty_batch.percenty.drawer.name import LONGEST_NAME, NameTab
from percenty_batch.percenty.drawer.option_images import OptionImages
from percenty_batch.percenty.drawer.options import OptionsTab, are_numbered
from percenty_batch.percenty.drawer.price import PriceTab
from percenty_batch.percenty.drawer.thumbnails import ThumbnailsTab

__all__ = [
    "LONGEST_NAME",
    "BulkImages",
    "DetailTab",
    "DisclosureForm",
    "Drawer",
    "ImageEditor",
    "MemoDialog",
    "NameTab",
    "OptionImages",
    "OptionsTab",
    "PriceTab",
    "ThumbnailsTab",
    "are_numbered",
]
