# exercise = "5d"
# tries = "lists 100,000 deep"
# states = ["failed"]
# share = 0.0
# checks = [0]
# innocent = true

def judge(calls):
    found = []
    for _ in range(100_000):
        found = [found]
    return found
