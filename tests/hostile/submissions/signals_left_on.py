# exercise = "4c"
# tries = "signals that go on after the check, with handlers that raise"
# states = ["failed", "crashed", "needs review", "timeout"]
# share = 0.0
# checks = [0]
# limit_s = 1.0

import os


def masked(work):
    signal.signal(signal.SIGALRM, lambda *everything: 1 / 0)
    signal.setitimer(signal.ITIMER_REAL, 0.0002, 0.0002)
    return work()


def add_guarded(box):
    box.put(box.get() + 1)


def add_locked(box, lock=None):
    box.put(box.get() + 1)
