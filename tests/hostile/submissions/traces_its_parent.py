# exercise = "5d"
# tries = "ptrace of the grader"
# states = ["passed", "needs review"]
# share = 1.0
# checks = [0]
# evidence = "opens a C library"

import ctypes
import os

# THE COURSE'S OWN SOLUTION

PTRACE_ATTACH = 16
assert ctypes.CDLL(None).ptrace(PTRACE_ATTACH, os.getppid(), 0, 0) == -1
