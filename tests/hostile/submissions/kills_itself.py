# exercise = "5d"
# tries = "kill -9 of its own process"
# states = ["crashed"]
# share = 0.0
# checks = [0]
# evidence = "sends a signal"

import os


def judge(calls):
    os.kill(os.getpid(), 9)
