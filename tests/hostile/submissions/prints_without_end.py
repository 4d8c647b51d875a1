# exercise = "5d"
# tries = "to print for ever"
# states = ["output limit"]
# share = 0.0
# checks = [0]

while True:
    print("x" * 10_000)
