# exercise = "5d"
# tries = "20,000 empty files"
# states = ["output limit"]
# share = 0.0
# checks = [0]
# limit_s = 4.0

import os

# THE COURSE'S OWN SOLUTION

for number in range(20_000):
    os.close(os.open(f"empty-{number}", os.O_CREAT | os.O_WRONLY))
