# exercise = "5d"
# tries = "process_vm_readv of the grader"
# states = ["passed", "needs review"]
# share = 1.0
# checks = [0]
# evidence = "opens a C library"

import ctypes
import os

# THE COURSE'S OWN SOLUTION

buffer = (ctypes.c_void_p * 2)(ctypes.addressof(ctypes.create_string_buffer(8)), 8)
assert ctypes.CDLL(None).process_vm_readv(os.getppid(), buffer, 1, buffer, 1, 0) == -1
