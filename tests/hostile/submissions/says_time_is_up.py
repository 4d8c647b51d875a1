# exercise = "5d"
# tries = "to send itself the signal of the processor limit"
# states = ["timeout", "crashed"]
# share = 0.0
# checks = [0]

import os
import signal


def judge(calls):
    os.kill(os.getpid(), signal.SIGXCPU)
