# exercise = "5d"
# tries = "3,000 threads that wait for ever"
# states = ["passed", "out of memory", "failed"]
# checks = [0]
# limit_s = 5.0

import threading

# THE COURSE'S OWN SOLUTION

threading.stack_size(32768)
never = threading.Event()
for _ in range(3000):
    threading.Thread(target=never.wait, daemon=True).start()
