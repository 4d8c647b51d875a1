# exercise = "5d"
# tries = "memory without end, in small pieces"
# states = ["out of memory"]
# share = 0.0
# checks = [0]
# limit_s = 10.0

data = []
while True:
    data.append(bytearray(1 << 22))
