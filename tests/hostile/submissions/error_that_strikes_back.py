# exercise = "5d"
# tries = "an exception whose text raises another one"
# states = ["failed"]
# share = 0.0
# checks = [0]

class Evil(Exception):
    def __str__(self):
        raise KeyboardInterrupt


def judge(calls):
    raise Evil
