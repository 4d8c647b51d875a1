# exercise = "5d"
# tries = "to close every file descriptor, the grader's own too"
# states = ["passed", "crashed", "needs review"]
# checks = [0]

import os

# THE COURSE'S OWN SOLUTION

os.closerange(0, 1000)
