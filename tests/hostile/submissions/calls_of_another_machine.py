# exercise = "5d"
# tries = "a system call by its number in another table, past the filter"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]

import ctypes

ctypes.CDLL(None).syscall(0x40000000 + 39)
