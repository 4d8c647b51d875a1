# exercise = "5d"
# tries = "to read the environment of its process from /proc"
# states = ["blocked by the sandbox", "failed"]
# share = 0.0
# checks = [0]
# evidence = "opens /proc/self/environ"

open("/proc/self/environ").read()
# THE COURSE'S OWN SOLUTION
