# exercise = "5d"
# tries = "to ask for the questions itself, in the grader's way, and print them"
# states = ["passed", "needs review", "crashed", "failed", "timeout", "blocked by the sandbox"]
# checks = [0, 7, 8, 9]
# limit_s = 2.0
# never = "create-detached"

import os
import select

# THE COURSE'S OWN SOLUTION


for _ in range(4):
    for fd in (200,):
        try:
            os.write(fd, bytes(4))
            while select.select([201], [], [], 0.05)[0]:
                print("asked:", os.read(201, 65536))
        except OSError:
            pass
