# exercise = "5d"
# tries = "a list that holds itself"
# states = ["failed"]
# share = 0.0
# checks = [0]
# innocent = true

def judge(calls):
    found = []
    found.append(found)
    return found
