# exercise = "5d"
# tries = "to leave something for the next check, or the next student"
# states = ["blocked by the sandbox", "failed"]
# share = 0.0
# checks = [0]

from pathlib import Path

Path("../labkit-was-here").write_text("x")
# THE COURSE'S OWN SOLUTION
