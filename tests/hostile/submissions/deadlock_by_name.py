# exercise = "5d"
# tries = "an exception of its own that is called Deadlock"
# states = ["failed"]
# share = 0.0
# checks = [0]

class Deadlock(Exception):
    pass


def judge(calls):
    raise Deadlock("everybody waits")
