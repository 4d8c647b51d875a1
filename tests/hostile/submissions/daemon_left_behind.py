# exercise = "5d"
# tries = "a daemon that lives on: fork twice, with a session of its own"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]
# evidence = "starts a process"

import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
