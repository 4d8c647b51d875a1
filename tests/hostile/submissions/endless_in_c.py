# exercise = "5d"
# tries = "to end never, in C, where no signal handler of Python can run"
# states = ["timeout"]
# share = 0.0
# checks = [0]
# limit_s = 0.5

def judge(calls):
    return 10**10**8
