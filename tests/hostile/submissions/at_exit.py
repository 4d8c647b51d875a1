# exercise = "5d"
# tries = "to say something when the process ends"
# states = ["failed"]
# share = 0.0
# checks = [0]
# never = "last word"

import atexit
import weakref


class Last:
    def __del__(self):
        print("last word")


last = Last()
atexit.register(print, "last word")
weakref.finalize(last, print, "last word")
def judge(calls):
    return "wrong"
