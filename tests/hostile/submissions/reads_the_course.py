# exercise = "5d"
# tries = "to read the solutions of the course"
# states = ["blocked by the sandbox", "failed"]
# share = 0.0
# checks = [0]

from pathlib import Path

import labkit

source = (Path(labkit.__file__).parents[1] / "course.toml").read_text()
# THE COURSE'S OWN SOLUTION
