# exercise = "5d"
# tries = "many files, each of them small enough"
# states = ["output limit"]
# share = 0.0
# checks = [0]
# limit_s = 3.0

import time

# THE COURSE'S OWN SOLUTION

for number in range(400):
    with open(f"piece-{number}", "wb") as file:
        file.write(bytes(1 << 18))
time.sleep(0.5)
