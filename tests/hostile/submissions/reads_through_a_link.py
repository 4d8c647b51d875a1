# exercise = "5d"
# tries = "to read a password file through a link in its own folder"
# states = ["blocked by the sandbox", "failed"]
# share = 0.0
# checks = [0]

import os

os.symlink("/etc/passwd", "mine")
open("mine").read()
# THE COURSE'S OWN SOLUTION
