# exercise = "5d"
# tries = "to kill the grader"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]
# evidence = "sends a signal"

import os

os.kill(os.getppid(), 9)
