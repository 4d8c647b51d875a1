# exercise = "6b"
# tries = "a lock that waits for itself: the deadlock must be called so"
# states = ["deadlock"]
# share = 0.0
# checks = [1]

class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None
        self.lock = Mutex()

    def acquire(self):
        self.lock.acquire()

    def release(self):
        pass
