# exercise = "5d"
# tries = "abort()"
# states = ["crashed"]
# share = 0.0
# checks = [0]
# never = "harness.py"

import os


def judge(calls):
    os.abort()
