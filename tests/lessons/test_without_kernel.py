"""A lesson on the real kernel shows the same on a machine that has none: its recorded runs are the runs themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_recorded_runs_give_the_outputs_that_are_stored(tmp_path: Path) -> None:
    env = os.environ | {"LABKIT_CACHE_DIR": str(tmp_path), "LABKIT_PREDICT": "skip", "LABKIT_QUIET": "1"}
    call = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "notebooks/10_life_of_a_kthread.ipynb"]
    done = subprocess.run(call, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
    assert " failed" not in done.stdout
