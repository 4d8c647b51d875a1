# exercise = "5d"
# tries = "to call itself for ever"
# states = ["failed"]
# share = 0.0
# checks = [0]

def judge(calls):
    return judge(calls)
