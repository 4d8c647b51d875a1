# exercise = "5d"
# tries = "threads that go on when the work is done"
# states = ["passed"]
# share = 1.0
# checks = [0]

import threading
import time

# THE COURSE'S OWN SOLUTION

def on_and_on():
    while True:
        time.sleep(0.001)


for _ in range(10):
    threading.Thread(target=on_and_on).start()
