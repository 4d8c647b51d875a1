# exercise = "5d"
# tries = "a dict whose keys are of a kind of its own"
# states = ["failed"]
# share = 0.0
# checks = [0]

class Key(str):
    pass


def judge(calls):
    return {Key("a"): 1, Key("b"): float("nan")}
