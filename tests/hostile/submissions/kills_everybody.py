# exercise = "5d"
# tries = "to kill whatever it may"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]
# evidence = "sends a signal"

import os

os.kill(-1, 9)
