# exercise = "5d"
# tries = "a list of a million items"
# states = ["failed"]
# share = 0.0
# checks = [0]
# innocent = true

def judge(calls):
    return list(range(10**6))
