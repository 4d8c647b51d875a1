# exercise = "5d"
# tries = "memory that no limit of memory counts: files without a name"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]

import os

# THE COURSE'S OWN SOLUTION

os.memfd_create("mine")
