# exercise = "5d"
# tries = "to call itself for ever, with the limit of Python lifted"
# states = ["timeout", "crashed", "out of memory"]
# share = 0.0
# checks = [0]
# limit_s = 0.5

import sys

sys.setrecursionlimit(10**9)


def judge(calls):
    return judge(calls)
