"""Kill, stop or hurt the program, resume it, and hold the outcome beside the site's record.

    python -m tests.kill_points --writes 1:5 --random 50 --stops 20 --twice 10 --disasters

Used by tests/acceptance for a few moments; the whole matrix takes about half a minute for each.
"""
