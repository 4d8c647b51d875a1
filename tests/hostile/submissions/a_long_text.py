# exercise = "5d"
# tries = "a text of 50 MB: careless, not hostile"
# states = ["failed", "output limit"]
# share = 0.0
# checks = [0]
# innocent = true

def judge(calls):
    return "x" * (50 << 20)
