# exercise = "5d"
# tries = "10 GB at once"
# states = ["out of memory"]
# share = 0.0
# checks = [0]

data = bytearray(10 << 30)
