"""Makes the course run on a machine that has nothing but python3: a private .venv, then the wanted command inside it.

The Makefile runs this file as a script, before any package is there: it uses the standard library only and imports
nothing else of labkit. Nothing is installed outside the venv. A stamp in the venv says for which pyproject.toml and which
Python it was made; while it fits, a start costs milliseconds. The stamp is taken away before pip works and written after
it, so an interrupted install is never believed to be whole: the next start builds a new venv.
Not done: Windows, which has neither fcntl nor POSIX signals; WSL is the way there.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / os.environ.get("LABKIT_VENV", ".venv")
STAMP = VENV / "labkit-stamp.json"
LOG = VENV / "install.log"
PYTHON_MIN = (3, 11)
PROGRESS_S = 10.0
"""A line of progress every so often while pip works: one sees that it lives, and the screen is not flooded."""


class Command(NamedTuple):
    """What one word of the menu runs, and the dependency group of pyproject.toml that it needs."""

    group: str
    calls: tuple[str, ...]
    """Programs of the venv, run in order; the last one gets what stands after the word on the command line."""


# Why: loadscope keeps the cells of a notebook and the tests of a module in one worker, in order. Two workers suit a small
# machine. A cell that hangs ends after a minute. A test that hangs takes its worker with it (see pyproject.toml), and
# loadscope then tries it again: twice shows that it hangs indeed.
PYTEST = "pytest -n 2 --dist loadscope --max-worker-restart 2 --nbval --nbval-cell-timeout 60"

COMMANDS = {
    "lab": Command("course", ("python -m labkit lab",)),
    "test": Command("dev", (PYTEST,)),
    "bench": Command("bench", ("python -m tests.bench",)),
    "kernel": Command("course", ("python -m labkit kernel setup", "python -m labkit kernel demo")),
    "build": Command("dev", ("python -m labkit build",)),
    "doctor": Command("course", ("python -m labkit doctor",)),
    "check": Command("dev", ("ruff check", "ruff format --check", "mypy", "lint-imports --no-logo")),
    "new-lesson": Command("dev", ("python -m labkit new-lesson",)),
    "new-exercise": Command("dev", ("python -m labkit new-exercise",)),
    "python": Command("dev", ("python",)),
}


def main(words: list[str]) -> int:
    """Prepare the venv and run one command of the menu in it; the exit code is the command's own."""
    what, rest = words[0] if words else "", words[1:]
    if what == "clean":
        return clean()
    if what not in COMMANDS:
        print(f"usage: python3 labkit/bootstrap.py {{{','.join([*COMMANDS, 'clean'])}}} [arguments]", file=sys.stderr)
        return 2
    try:
        prepare(COMMANDS[what].group)
        return run(COMMANDS[what].calls, rest)
    except KeyboardInterrupt:
        say("stopped; the next start begins from a clean state")
        return 130


def say(text: str) -> None:
    """One line for the person who waits, at once."""
    print(f"labkit: {text}", flush=True)


def fail(text: str) -> NoReturn:
    """End with a message that names cause and cure."""
    raise SystemExit(f"labkit: {text}")


def prepare(group: str) -> None:
    """Make sure that the venv holds a group of packages; does nothing when it already does."""
    if sys.version_info < PYTHON_MIN:
        this = ".".join(map(str, sys.version_info[:3]))
        fail(f"Python 3.11 or newer is needed; {sys.executable} is {this}. With another one: make ... PYTHON=python3.12")
    if group not in installed_groups():
        with lock():
            have = installed_groups()  # Race: another make may have done the work while this one waited.
            if group not in have:
                install({*have, group})


def stamp_key() -> str:
    """What a venv depends on: the Python version, and the tables of pyproject.toml that pip reads."""
    import tomllib  # Why: not above; Python 3.10 lacks it, and is to be told so in words.

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    facts = [sys.version_info[:2], str(ROOT), settings["project"], settings["build-system"]]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def read_stamp() -> dict[str, Any]:
    """What the last complete install wrote; empty when there is no whole venv."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and (VENV / "bin" / "python").exists() else {}


def installed_groups() -> set[str]:
    """The dependency groups that are installed and fit today's pyproject.toml."""
    stamp = read_stamp()
    return set(stamp["groups"]) if stamp.get("key") == stamp_key() else set()


@contextmanager
def lock() -> Iterator[None]:
    """Let one make at a time work on the venv; the OS drops the lock when its holder dies."""
    import fcntl  # Why: not above; on Windows the message below is better than an ImportError.

    with open(f"{VENV}.lock", "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another make is preparing {VENV.name}; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install(groups: set[str]) -> None:
    """Build the venv if it is not whole or of another Python, then let pip install the groups, then write the stamp."""
    old, version = read_stamp(), list(sys.version_info[:2])
    STAMP.unlink(missing_ok=True)  # Invariant: the stamp is there only while no install is under way.
    if old.get("python") != version:
        missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
        if missing:
            fail(f"this Python has no {' and no '.join(missing)}. On Debian and Ubuntu: apt install python3-venv")
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir(parents=True)
        base = getattr(sys, "_base_executable", sys.executable)  # Why: the venv outlives the one this may run in.
        phase(f"making {VENV.name} with Python {sys.version.split()[0]}", [base, "-m", "venv", str(VENV)])
    wanted = ",".join(sorted(groups | set(old.get("groups", ()))))
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    phase(f"installing labkit[{wanted}] and what it needs", [*pip, "--editable", f".[{wanted}]"])
    stamp = {"key": stamp_key(), "python": version, "groups": wanted.split(",")}
    whole = STAMP.with_suffix(".new")
    whole.write_text(json.dumps(stamp), encoding="utf-8")
    whole.replace(STAMP)


def phase(title: str, call: list[str]) -> None:
    """Run one step of the install: say what it is, that it goes on, how long it took; show its output if it fails."""
    say(f"{title} ...")
    start = time.monotonic()
    with LOG.open("w", encoding="utf-8") as log:
        worker = subprocess.Popen(call, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env=environment())
        try:
            while wait(worker, PROGRESS_S) is None:
                packages = LOG.read_text(encoding="utf-8").count("Collecting ")
                say(f"  {time.monotonic() - start:3.0f} s: {packages} packages looked up")
        finally:
            worker.terminate()  # Why: after Ctrl-C pip must not go on in a folder that the next start removes.
            worker.wait()
    if worker.returncode:
        tail = "\n".join(LOG.read_text(encoding="utf-8").splitlines()[-25:])
        fail(f"{title}: exit code {worker.returncode}\n{tail}\nThe whole output is in {LOG}. Mend the cause and start again.")
    say(f"  done in {time.monotonic() - start:.1f} s")


def wait(worker: subprocess.Popen[bytes], seconds: float) -> int | None:
    """The exit code of a child process; None when it still works after that time."""
    try:
        return worker.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def environment() -> dict[str, str]:
    """The environment inside the venv, as its activate script would make it."""
    path = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", "")])
    env = os.environ | {"VIRTUAL_ENV": str(VENV), "PATH": path}
    env.pop("PYTHONHOME", None)
    return env


def run(calls: tuple[str, ...], rest: list[str]) -> int:
    """Run programs of the venv from the top folder; a single one takes this process over."""
    os.chdir(ROOT)
    first, *others = [[str(VENV / "bin" / words[0]), *words[1:]] for words in map(str.split, calls)]
    if not others:
        os.execve(first[0], [*first, *rest], environment())
    others[-1] += rest
    worst = 0
    for call, title in zip([first, *others], calls, strict=True):
        say(title)
        worst = max(worst, subprocess.run(call, env=environment(), check=False).returncode)
    return worst


def clean() -> int:
    """Remove what can be made again. work/ stays: it holds a student's own edits."""
    for name in (VENV.name, ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for folder in ("labkit", "tests"):
        for cache in sorted((ROOT / folder).rglob("__pycache__")):
            shutil.rmtree(cache, ignore_errors=True)
    say("removed the venv and the caches; work/ with your own notebooks stays")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
