"""Kill the program at a chosen moment, resume it, and hold the outcome beside the site's record.

    python -m tests.kill_points --writes all --random 50

Used by tests/acceptance for a few moments; the whole matrix takes about half a minute for each.
"""
