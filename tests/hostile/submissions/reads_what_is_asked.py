# exercise = "6b"
# tries = "to read the hidden check from the grader's own objects, and print it"
# states = ["passed", "needs review", "crashed"]
# share = 1.0
# checks = [4]
# never = "lambda: release_or_not"

import signal

# THE COURSE'S OWN SOLUTION


def look(number, frame):
    while frame:
        for value in list(frame.f_locals.values()):
            if "release_or_not(" in str(getattr(value, "job", value)):
                print("asked:", str(getattr(value, "job", value)))
        frame = frame.f_back


signal.signal(signal.SIGUSR1, look)
signal.raise_signal(signal.SIGUSR1)
