# exercise = "6b"
# tries = "a real lock of Python, which blocks the whole process"
# states = ["failed", "timeout"]
# share = 0.0
# checks = [1]
# limit_s = 2.0

import _thread


class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None
        self.lock = _thread.allocate_lock()

    def acquire(self):
        self.lock.acquire()

    def release(self):
        self.lock.release()
