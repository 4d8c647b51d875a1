# exercise = "5d"
# tries = "to end never, in one call of sum()"
# states = ["timeout"]
# share = 0.0
# checks = [0]
# limit_s = 0.5

def judge(calls):
    return sum(range(10**12))
