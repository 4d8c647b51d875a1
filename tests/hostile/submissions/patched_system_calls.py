# exercise = "5d"
# tries = "os.write, os._exit and the clock replaced"
# states = ["failed", "crashed", "needs review"]
# share = 0.0
# checks = [0]

import os
import time

os.write = lambda fd, data: len(data)
os._exit = lambda code: None
time.monotonic = lambda: 0.0
def judge(calls):
    return "wrong"
