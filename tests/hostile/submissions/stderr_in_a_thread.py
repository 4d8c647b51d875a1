# exercise = "5d"
# tries = "nothing: a thread of an honest student writes to stderr"
# states = ["passed"]
# share = 1.0
# checks = [0, 7]
# innocent = true

import sys
import threading

# THE COURSE'S OWN SOLUTION

worker = threading.Thread(target=lambda: print("working", file=sys.stderr))
worker.start()
worker.join()
