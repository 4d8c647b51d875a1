# exercise = "5d"
# tries = "to stop its own process, so that whoever waits for it waits for ever"
# states = ["timeout"]
# share = 0.0
# checks = [0]
# limit_s = 0.5
# evidence = "sends a signal"

import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
