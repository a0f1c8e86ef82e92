#!/bin/sh
# Playwright takes this for its Node.js: see own_session.py.
exec setsid "$PLAYWRIGHT_DRIVER_NODE" "$@"
