"""The real nbgrader, in a venv of its own in the user's cache: python -m tests.labkit.grading.nbgrader makes it.

Nothing is added to the course's venv. The new one sees the course's packages through a .pth file, so that pip fetches only
what is missing (nbgrader, notebook, SQLAlchemy, alembic, RapidFuzz: a few seconds); labkit comes with PYTHONPATH.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import venv
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[3]
VERSION = "0.9.6"


def home() -> Path:
    """Where the venv is, or will be: another one for another Python, nbgrader, JupyterLab or course's venv."""
    import platformdirs

    facts = [sys.version, sys.prefix, VERSION, importlib.metadata.version("jupyterlab")]
    digest = hashlib.sha256("\0".join(facts).encode()).hexdigest()[:12]
    cache = os.environ.get("LABKIT_CACHE_DIR") or platformdirs.user_cache_path("labkit")
    return Path(cache) / f"nbgrader-{VERSION}-{digest}"


def have() -> bool:
    """Is it there? If not, it is made; False if that fails."""
    try:
        make()
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def make(quiet: bool = True) -> Path:
    """Make the venv unless it is whole; one process makes it, others wait."""
    folder = home()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "whole").exists():
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=importlib.util.find_spec("pip") is None)
        packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
        (packages / "course.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        python = str(folder / "bin" / "python")
        words = [python, "-m", "pip", "install", "--disable-pip-version-check", "--retries", "2", f"nbgrader=={VERSION}"]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        subprocess.run(words, env=environment, check=True, capture_output=quiet)
        # Why: a kernel spec of the user's or of the system's, also called python3, would be another Python.
        spec = folder / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
        spec.parent.mkdir(parents=True)
        call = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec.write_text(json.dumps({"argv": call, "display_name": "Python 3", "language": "python"}), encoding="utf-8")
        (folder / "whole").touch()
    return folder


def run(course: Path, *words: str) -> str:
    """A command of the venv in a course of nbgrader's; what it said."""
    own = course / ".jupyter"
    environment = os.environ | {
        "PATH": f"{home() / 'bin'}:{os.environ['PATH']}",  # nbgrader calls alembic
        "PYTHONPATH": str(ROOT),
        "LABKIT_COURSE_DIR": str(ROOT),
        "JUPYTER_CONFIG_DIR": str(own),
        "JUPYTER_DATA_DIR": str(own),
        "JUPYTER_RUNTIME_DIR": str(own),
    }
    done = subprocess.run(
        [str(home() / "bin" / words[0]), *words[1:]], cwd=course, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def grades(course: Path) -> dict[tuple[str, str], float]:
    """(student, exercise) → what nbgrader gave, from its database."""
    ask = """
        SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score FROM grade
        JOIN base_cell ON base_cell.id = grade.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id"""
    with closing(sqlite3.connect(course / "gradebook.db")) as base:
        return {(student, cell.removesuffix("-check")): score for student, cell, score in base.execute(ask)}


if __name__ == "__main__":
    print(make(quiet=False))
