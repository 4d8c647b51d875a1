# exercise = "5d"
# tries = "a number of 12 million digits: careless, not hostile"
# states = ["failed", "output limit"]
# share = 0.0
# checks = [0]
# innocent = true

def judge(calls):
    return 1 << 40_000_000
