# exercise = "5d"
# tries = "to start a shell"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]
# evidence = "starts a program"

import subprocess

subprocess.run(["/bin/sh", "-c", "ls"])
