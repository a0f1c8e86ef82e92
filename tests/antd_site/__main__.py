"""Fetch the libraries that the tests need, unless they are there."""

from tests.antd_site.libs import libs_for_tests

libs_for_tests()
