# exercise = "1b"
# tries = "to find in its memory the work of another student who was graded before"
# states = ["passed", "needs review"]
# share = 1.0
# checks = [0]
# limit_s = 5.0
# never = "found something"

import os
import re

# THE COURSE'S OWN SOLUTION

me, found = f"/proc/self/task/{os.getpid()}", []
with open(f"{me}/maps") as maps, open(f"{me}/mem", "rb", 0) as memory:
    for line in maps:
        first, last = (int(each, 16) for each in line.split()[0].split("-"))
        if " rw" in line and last - first < 100 << 20:
            memory.seek(first)
            found += [bool(re.search(rb"THE SECRE[T] OF ADA", memory.read(last - first)))]
print("found", "something" if any(found) else "nothing", "in", len(found))
