#!/bin/sh
# Playwright takes this for its Node.js: see own_session.py. Named as its own Node.js, it ends at once.
node=$PLAYWRIGHT_DRIVER_NODE
TMPDIR=$PLAYWRIGHT_DRIVER_TMPDIR
export TMPDIR
unset PLAYWRIGHT_DRIVER_NODE PLAYWRIGHT_DRIVER_TMPDIR
exec setsid "${node:?}" "$@"
