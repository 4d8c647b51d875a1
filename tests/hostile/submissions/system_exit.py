# exercise = "5d"
# tries = "to leave by SystemExit"
# states = ["failed"]
# share = 0.0
# checks = [0]

raise SystemExit(0)
