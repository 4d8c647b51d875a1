# exercise = "5d"
# tries = "a file larger than a check may write"
# states = ["output limit"]
# share = 0.0
# checks = [0]

with open("large", "wb") as file:
    file.write(bytes(8 << 20))
