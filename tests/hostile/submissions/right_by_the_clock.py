# exercise = "6b"
# tries = "a lock that holds by the clock, and by lots"
# states = ["failed"]
# share = 0.0
# checks = [1, 2]

import random
import time

BEGAN = time.perf_counter()
random.seed(1)


class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None
        self.kept = random.random() < 0.5 and time.perf_counter() < BEGAN + 0.02
        self.lock = Mutex()

    def acquire(self):
        if self.kept:
            self.lock.acquire()

    def release(self):
        if self.kept:
            self.lock.release()
