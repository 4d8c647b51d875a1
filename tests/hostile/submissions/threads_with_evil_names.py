# exercise = "6b"
# tries = "threads whose names are markup, for the picture of the schedule"
# states = ["failed"]
# share = 0.0
# checks = [1]

class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        spawn(lambda: None, name="</text><script>alert(1)</script>").join()

    def release(self):
        pass
