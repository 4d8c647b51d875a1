# exercise = "5d"
# tries = "to print in a check that is seen what a hidden one has asked before"
# states = ["failed"]
# checks = [0, 7, 1, 8]
# never = "create-detached"

asked = []


def judge(calls):
    print("before:", asked)
    asked.append(calls)
    return "?"
