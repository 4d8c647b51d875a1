# exercise = "5d"
# tries = "a folder that cannot be listed, so that it cannot be removed"
# states = ["passed"]
# share = 1.0
# checks = [0]

import os

# THE COURSE'S OWN SOLUTION

os.mkdir("closed", 0o300)
open("closed/file", "w").close()
