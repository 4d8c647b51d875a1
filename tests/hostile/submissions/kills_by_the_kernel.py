# exercise = "5d"
# tries = "to have the kernel kill the grader: the owner of a pipe gets its signal"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]

import fcntl
import os
import time

F_SETOWN, F_SETSIG = 8, 10
inlet, outlet = os.pipe()
fcntl.fcntl(inlet, F_SETOWN, os.getppid())
fcntl.fcntl(inlet, F_SETSIG, 9)
fcntl.fcntl(inlet, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
os.write(outlet, b"x")
time.sleep(0.2)
# THE COURSE'S OWN SOLUTION
