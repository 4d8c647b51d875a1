# exercise = "5d"
# tries = "processes without end"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]
# evidence = "starts a process"

import os

while True:
    os.fork()
