"""Kill, stop or hurt the program, resume it, and hold the outcome beside the site's record.

    python -m tests.kill_points --step 4 --writes 1:5 --random 50 --stops 20 --twice 10 --disasters

Stops and disasters are those of step 1. Used by tests/acceptance for a few moments; the whole
matrix takes about half a minute for each.
"""
