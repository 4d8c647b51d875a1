# exercise = "5d"
# tries = "a thread that never gives the interpreter to the check"
# states = ["timeout"]
# share = 0.0
# checks = [0]
# limit_s = 0.5

import sys
import threading

# THE COURSE'S OWN SOLUTION

def hog():
    while True:
        pass


sys.setswitchinterval(1000)
threading.Thread(target=hog, daemon=True).start()
