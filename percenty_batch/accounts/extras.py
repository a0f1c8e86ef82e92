"""What an extra of the package must be installed for."""

from importlib.util import find_spec

READING = "pip install 'percenty-batch[ocr]'"
"""Installs what reads Chinese in images."""

_PACKAGES = ("rapidocr", "onnxruntime")


def can_read_images() -> bool:
    """Whether the extra `ocr` is installed."""
    return all(find_spec(package) is not None for package in _PACKAGES)
