"""A confined process reads nothing of others, writes in its folder only, reaches nobody: tried from inside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import greenlet
import pytest

from labkit.grading import confine, judge
from labkit.grading.confine import Confinement
from labkit.grading.plan import Check
from labkit.grading.pool import Zygote, readable
from tests.labkit.grading import kit

PROBE = r"""
import ctypes, json, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(*a):
    ctypes.set_errno(0)
    done = libc.syscall(*[ctypes.c_long(x) if isinstance(x, int) else x for x in a])
    return "done" if done >= 0 else os.strerror(ctypes.get_errno())
def tried(do, *a, **k):
    try:
        do(*a, **k)
    except OSError as error:
        return os.strerror(error.errno)
    except BaseException as error:
        return type(error).__name__
    return "done"
def probe(secret, parent, own):
    buffer = ctypes.create_string_buffer(64)
    found = {
        "read " + path: tried(open, path, "rb")
        for path in [
            secret, "/etc/passwd", "/etc/shadow", os.path.expanduser("~root"), f"/proc/{parent}/mem", f"/proc/{parent}/environ",
            "/proc/self/environ", "/proc/self/mem", "/proc/self/maps", "/proc/1/cmdline", "/sys/kernel/security", "/",
        ]
    }
    folders = [os.path.dirname(secret), "/", "/home", "/root", "/tmp", "/proc"]
    found |= {"list " + path: tried(os.listdir, path) for path in folders}
    outside = os.path.join(os.path.dirname(secret), "mine")
    found |= {
        "write outside": tried(open, outside, "w"), "make outside": tried(os.mkdir, outside), "remove": tried(os.remove, secret),
        "rename": tried(os.rename, secret, own + "/taken"), "link": tried(os.link, secret, own + "/linked"),
        "truncate": tried(os.truncate, secret, 0), "chmod": tried(os.chmod, secret, 0o777), "utime": tried(os.utime, secret),
        "write above": tried(open, os.path.dirname(own) + "/left", "w"),
        "kill the parent": tried(os.kill, parent, 9), "kill all": tried(os.kill, -1, 9), "kill the group": tried(os.kill, 0, 9),
        "fork": tried(os.fork), "exec": tried(os.execv, "/bin/true", ["true"]),
        "system": "done" if os.system("true") == 0 else "failed",
        "setsid": tried(os.setsid), "network": tried(socket.socket), "unix": tried(socket.socket, socket.AF_UNIX),
        "socketpair": tried(lambda: socket.socketpair()[0].connect("\0abstract")),
        "nice others": tried(os.setpriority, os.PRIO_USER, 0, 1),
        "mount": call(165, b"none", b"/tmp", b"tmpfs", 0, 0), "keyctl": call(250, 0, -3), "io_uring": call(425, 4, buffer),
        "userfaultfd": call(323, 0), "bpf": call(321, 0, buffer, 64), "perf": call(298, buffer, 0, -1, -1, 0),
        "readv": call(310, parent, buffer, 1, buffer, 1, 0), "writev": call(311, parent, buffer, 1, buffer, 1, 0),
        "pidfd": call(434, parent, 0), "ptrace": call(101, 16, parent, 0, 0), "unshare": call(272, 0x10000000),
        "memfd": call(319, b"x", 0),
        "inotify": call(294, 0), "setns": call(308, 0, 0), "open_by_handle": call(304, -100, buffer, 0), "vfork": call(58),
    }
    fine = {"own folder": tried(open, own + "/x", "w"),
            "the library": tried(open, os.__file__), "null": tried(open, "/dev/null", "w"),
            "kill myself": tried(os.kill, os.getpid(), 0)}
    return json.dumps([found, fine])
"""
"""What is tried, in this process; the calls by number are x86_64's."""


def inside(folder: Path, secret: Path, split: bool) -> tuple[dict[str, str], dict[str, str]]:
    """What the probe finds in a process that is confined at once, or by its parent first."""
    own = folder / "own"
    own.mkdir(exist_ok=True)
    ours, theirs = os.pipe()
    parent = os.getpid()
    if (pid := os.fork()) == 0:
        try:
            if split:
                confine.confine_parent(Confinement(tuple(readable()), ("/dev/null", str(folder))))
            what = Confinement(tuple(readable()), ("/dev/null", str(own)), file_mb=1)
            confine.confine_child(what) if split else confine.confine(what)
            names: dict[str, object] = {}
            exec(PROBE, names)
            os.write(theirs, names["probe"](str(secret), parent, str(own)).encode())  # type: ignore[operator]
        except BaseException as error:
            os.write(theirs, json.dumps([{"probe": "done"}, {"probe": repr(error)}]).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with open(ours, "rb") as pipe:
        found, fine = json.loads(pipe.read())
    os.waitpid(pid, 0)
    return found, fine


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the probe calls x86_64's system calls by number: run it there")
@pytest.mark.parametrize("split", [False, True], ids=["at once", "parent and child"])
def test_a_confined_process_reaches_nothing_outside(tmp_path: Path, split: bool) -> None:
    secret = tmp_path / "course" / "solution.py"
    secret.parent.mkdir()
    secret.write_text("the answer")
    work = tmp_path / "work"
    work.mkdir()
    found, fine = inside(work, secret, split)

    assert not {what: how for what, how in found.items() if how == "done"}
    assert set(fine.values()) == {"done"}
    assert secret.read_text() == "the answer"


def test_this_machine_confines_and_missing_says_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert confine.missing() == []
    monkeypatch.setattr(confine, "landlock_abi", lambda: 0)
    monkeypatch.setattr(confine, "parents_filter", lambda: None)
    assert [text.partition(":")[0].split()[0] for text in confine.missing()] == ["Landlock", "a"]


BASICS = {
    "read": ("open('/etc/passwd')\n", judge.BLOCKED), "kill": ("import os\nos.kill(os.getppid(), 9)\n", judge.BLOCKED),
    "bomb": ("import os\nwhile True: os.fork()\n", judge.BLOCKED),
    "segv": ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", judge.CRASHED),
    "quiet bomb": ("import os\nfor i in range(10 ** 5):\n    try: os.fork()\n    except OSError: pass\n", judge.PASSED),
    "good": ("", judge.PASSED),
}  # fmt: skip


def basics() -> dict[str, str]:
    """The state of each of the basics, with a right solution below it."""
    problem, right = kit.problems(6)["6b"], kit.solutions(6)["6b"]
    check: Check = problem.checks[0]
    zygote = Zygote()
    try:
        return {name: zygote.check(problem, {"6b": source + right}, check).state for name, (source, _) in BASICS.items()}
    finally:
        zygote.close()


def test_hostile_basics_end_in_their_states() -> None:
    assert basics() == {name: state for name, (_, state) in BASICS.items()}


@pytest.fixture
def lent() -> Iterator[Path]:
    """A copy of labkit, the course and the tests' kit that an ordinary user may read, in a folder of his own."""
    root = Path(__file__).parents[3]
    with tempfile.TemporaryDirectory(prefix="labkit-lent-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        leave = shutil.ignore_patterns("__pycache__", "*.ipynb", "node_modules")
        for part in (
            "labkit",
            "lessons/06_races",
            "tests/labkit/grading/kit.py",
            "tests/labkit/grading/test_confine.py",
            "course.toml",
        ):
            if (root / part).is_dir():
                shutil.copytree(root / part, folder / part, ignore=leave)
            else:
                (folder / part).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(root / part, folder / part)
        (folder / "home").mkdir(mode=0o777)
        os.chmod(folder / "home", 0o777)
        yield folder


SYSTEMS = f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"


def _lent_python(folder: Path) -> str:
    """An environment of the system's Python with greenlet: this one may lie in a folder of root's."""
    made = subprocess.run([SYSTEMS, "-m", "venv", "--without-pip", folder / "venv"], capture_output=True, check=False)
    if made.returncode == 0:
        (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
        shutil.copytree(Path(greenlet.__file__).parent, site / "greenlet")
    return str(folder / "venv" / "bin" / "python")


def _runs(program: str, environment: dict[str, str], folder: Path) -> bool:
    try:
        done = subprocess.run([program, "-c", "import greenlet, labkit.grading.plan"], env=environment, user=65534, group=65534,
                              extra_groups=[], cwd=folder, capture_output=True, check=False)  # fmt: skip
    except OSError:
        return False
    return done.returncode == 0


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become somebody else; the other tests run as the ordinary user you are"
)
def test_an_ordinary_user_grades_as_safely(lent: Path) -> None:
    site = [path for path in sys.path if path.endswith("site-packages")]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(lent / "home"), "TMPDIR": str(lent / "home"),
                   "PYTHONPATH": os.pathsep.join([str(lent), *site]), "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    program = _lent_python(lent)
    if not _runs(program, environment, lent):
        pytest.skip(f"an ordinary user cannot run {SYSTEMS}: apt install python3-venv, of the version that runs the tests")
    code = "import json; from tests.labkit.grading import test_confine as t; print(json.dumps(t.basics()))"
    done = subprocess.run([program, "-c", code], env=environment, user=65534, group=65534, extra_groups=[], cwd=lent,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {name: state for name, (_, state) in BASICS.items()}
