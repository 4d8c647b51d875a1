# exercise = "5d"
# tries = "to end never, in a regular expression that backtracks"
# states = ["timeout"]
# share = 0.0
# checks = [0]
# limit_s = 0.5

import re

re.match(r"(a+)+$", "a" * 40 + "b")
