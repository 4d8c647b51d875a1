# exercise = "5d"
# tries = "folders so deep that whoever removes them breaks down"
# states = ["passed", "output limit", "failed"]
# checks = [0]

import os

# THE COURSE'S OWN SOLUTION

for _ in range(3000):
    os.mkdir("deeper")
    os.chdir("deeper")
