# exercise = "5d"
# tries = "a shell by os.system"
# states = ["passed", "needs review"]
# share = 1.0
# checks = [0]
# evidence = "starts a program"

import os

# THE COURSE'S OWN SOLUTION

assert os.system("touch /tmp/labkit-was-here") != 0
