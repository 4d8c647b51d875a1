# exercise = "5d"
# tries = "to read memory at address 0"
# states = ["crashed"]
# share = 0.0
# checks = [0]
# evidence = "memory"

import ctypes

ctypes.string_at(0)
