"""Look at the site: python tests/antd_site/server.py [--libs FOLDER] [--port N] [--set K=V]."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a script: the root is above

from tests.antd_site import (
    KINDS,
    AntdSite,
    Faults,
    Options,
    SiteAccount,
    install_libs,
    libs_for_tests,
)

ACCOUNTS = (
    SiteAccount(email="all@example.com", password="pw", product_count=24, kinds=KINDS),
    SiteAccount(email="locked@example.com", password="pw", faults=Faults(sign_in="locked")),
    SiteAccount(email="captcha@example.com", password="pw", faults=Faults(sign_in="captcha")),
    SiteAccount(
        email="other@example.com", password="pw", faults=Faults(shown_email="who@example.com")
    ),
)


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--libs", type=Path, help="where npm has put, or may put, the libraries")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    asked = parser.parse_args()
    options = Options(**dict(_setting(pair) for pair in asked.set))
    libs = install_libs(asked.libs) if asked.libs else libs_for_tests()
    with AntdSite(libs=libs, accounts=ACCOUNTS, options=options, port=asked.port) as site:
        sys.stdout.write(f"{site.url}  ({', '.join(a.email for a in ACCOUNTS)}; password: pw)\n")
        sys.stdout.flush()
        try:
            site.wait()
        except KeyboardInterrupt:
            return


def _setting(pair: str) -> tuple[str, Any]:
    key, _, text = pair.partition("=")
    known = asdict(Options())
    if key not in known:
        raise SystemExit(f"unknown setting {key}; known: {', '.join(known)}")
    if isinstance(known[key], tuple):
        return key, tuple(float(part) for part in text.split(","))
    return key, type(known[key])(text)


if __name__ == "__main__":
    main()
