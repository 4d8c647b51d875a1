# exercise = "5d"
# tries = "never to end"
# states = ["timeout"]
# share = 0.0
# checks = [0]
# limit_s = 0.5

while True:
    pass
