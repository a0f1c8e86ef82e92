"""A second imitation of Percenty, made of real React 18, Ant Design 5 and CKEditor 5.

It shares no line with the package's own sandbox, so that page objects which work on both are not
merely fitted to one of them. The libraries are installed by npm and are never part of this tree.
"""

from tests.antd_site.libs import LibsMissingError, install_libs, libs_for_tests
from tests.antd_site.options import KINDS, Faults, Lot, Options, SiteAccount
from tests.antd_site.site import AntdSite
from tests.antd_site.world import Change, Product, group_names

__all__ = [
    "KINDS",
    "AntdSite",
    "Change",
    "Faults",
    "LibsMissingError",
    "Lot",
    "Options",
    "Product",
    "SiteAccount",
    "group_names",
    "install_libs",
    "libs_for_tests",
]
