# exercise = "5d"
# tries = "a value whose repr() never ends"
# states = ["timeout"]
# share = 0.0
# checks = [0]
# limit_s = 0.5

class Fine:
    def __repr__(self):
        while True:
            pass


def judge(calls):
    return Fine()
