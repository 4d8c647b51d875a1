# exercise = "5d"
# tries = "to leave something in /dev/shm"
# states = ["blocked by the sandbox", "failed"]
# share = 0.0
# checks = [0]

from pathlib import Path

Path("/dev/shm/labkit-was-here").write_text("x")
