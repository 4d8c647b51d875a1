# exercise = "5d"
# tries = "commands of Jupyter in the solution"
# states = ["failed"]
# share = 0.0
# checks = [0]
# innocent = true

%matplotlib inline
!ls
# THE COURSE'S OWN SOLUTION
