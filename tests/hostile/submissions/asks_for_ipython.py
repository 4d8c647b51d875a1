# exercise = "5d"
# tries = "get_ipython()"
# states = ["failed"]
# share = 0.0
# checks = [0]
# innocent = true

get_ipython().system("ls")
# THE COURSE'S OWN SOLUTION
