# exercise = "5d"
# tries = "shared memory, in pieces"
# states = ["out of memory"]
# share = 0.0
# checks = [0]

import mmap

data = [mmap.mmap(-1, 1 << 26) for _ in range(100)]
