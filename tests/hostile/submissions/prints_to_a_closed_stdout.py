# exercise = "5d"
# tries = "to close stdout and stderr, and to print on"
# states = ["passed"]
# share = 1.0
# checks = [0]

import sys

# THE COURSE'S OWN SOLUTION

sys.stdout.close()
sys.stderr = None
