# exercise = "5d"
# tries = "to sleep for ever with every signal blocked"
# states = ["timeout"]
# share = 0.0
# checks = [0]
# limit_s = 0.5

import signal
import time

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    time.sleep(1000)
