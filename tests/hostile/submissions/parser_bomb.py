# exercise = "5d"
# tries = "brackets and signs so deep that the compiler breaks down"
# states = ["failed", "crashed", "out of memory"]
# share = 0.0
# checks = [0]

judge = «-*20000»1
