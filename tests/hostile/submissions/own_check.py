# exercise = "5d"
# tries = "a check() of its own"
# states = ["failed"]
# share = 0.0
# checks = [0]

def check(*everything, **more):
    return None


def hint(*everything):
    return None


def judge(calls):
    return "wrong"
