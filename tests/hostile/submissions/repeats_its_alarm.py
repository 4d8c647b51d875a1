# exercise = "5d"
# tries = "an alarm every 0.1 ms whose handler raises, also inside the harness"
# states = ["failed", "crashed", "needs review"]
# share = 0.0
# checks = [0]

import signal


def late(number, frame):
    raise ValueError("late")


signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
def judge(calls):
    return "wrong"
