"""What a student's code can reach in its process, and what comes of it when it tries. Each law was an attack that worked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from labkit.grading import judge
from labkit.grading.judge import Outcome
from labkit.grading.pool import Zygote
from tests.labkit.grading import kit

OPEN = "class TasLock:\n    def __init__(self): self.flag = None\n    def acquire(self): pass\n    def release(self): pass\n"
"""A lock that keeps nobody out."""
FAKE = """
import labkit
from labkit.explore.verdict import Verdict
def fake(*a, **k):
    made = object.__new__(Verdict)
    vars(made).update(name="main", exhausted=True, runs=5, failing=0, outcomes={}, failures=[], unseen=[], stopped="",
                      seconds=0.0, redundant=0, count=None, sample=None, origin=None)
    return made
"""
"""A verdict made by hand, in the place of explore()."""


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    """One for all."""
    made = Zygote()
    yield made
    made.close()


def explored(zygote: Zygote, source: str) -> Outcome:
    """What the exploration of a lock says, when the student's cell is this."""
    problem = kit.problems(6)["6b"]
    check = next(each for each in problem.checks if "counting(TasLock)" in each.expression)
    return zygote.check(problem, {"6b": source}, replace(check, limit_s=5.0))


def counted(zygote: Zygote, source: str) -> Outcome:
    """What `len(schedules(...)) == 90` says, when the student's cell is this."""
    problem = kit.problems(6)["6a"]
    check = next(each for each in problem.checks if each.expression.startswith("len("))
    return zygote.check(problem, {"6a": source}, replace(check, limit_s=5.0))


ATTACKS = {
    "rebinds a name of the course in a method": FAKE + OPEN.replace("self.flag = None", "globals()['explore'] = fake"),
    "rebinds it from a thread": FAKE
    + OPEN
    + (
        "import threading\ng = globals()\ndef again():\n    while True: g['explore'] = fake\n"
        "threading.Thread(target=again, daemon=True).start()\n"
    ),
    "rebinds it in labkit's own module": FAKE + OPEN + "labkit.explore.__globals__['Session'] = fake\n",
    "replaces json, which messages could be made with": OPEN
    + ("import json, json.encoder\ndef lie(*a, **k): return '[]'\njson.dumps = json.encoder.c_make_encoder = lie\n"),
    "sets an attribute of the verdict's class": "from labkit.explore.verdict import Verdict\nVerdict.__setattr__ = print\n"
    + OPEN,
    "replaces labkit's builtins": OPEN + "import labkit\nvars(labkit)['__builtins__'].vars = lambda v: {}\n",
    "replaces a builtin function": OPEN + "import builtins\nbuiltins.vars = builtins.next = lambda *a: {}\n",
    "replaces the code of a function of the course": OPEN
    + "def none(*a): return lambda: None\ncounting.__code__ = none.__code__\n",
    "gives a function of the course other defaults": OPEN + "counting.__defaults__ = (1, 1)\n",
    "gives it other code by way of functools": OPEN
    + (
        "import functools\ndef w(make_lock, threads=2, rounds=1): return lambda: None\n"
        "functools.update_wrapper(counting, w, assigned=('__code__',), updated=())\n"
    ),
    "takes the frame that a signal interrupts": OPEN
    + (
        "import signal\ndef h(n, f):\n    while f.f_back: f = f.f_back\n    f.f_globals['explore'] = None\n"
        "signal.signal(signal.SIGUSR1, h); signal.raise_signal(signal.SIGUSR1)\n"
    ),
    "looks at all objects": OPEN + "import gc\nfound = [o for o in gc.get_objects() if type(o).__name__ == 'Harness']\n",
    "switches to the grader's greenlet": OPEN
    + "import greenlet\ngreenlet.getcurrent().parent.switch((('value', True, 0.1), []))\n",
}


@pytest.mark.parametrize("attack", list(ATTACKS))
def test_no_attack_makes_a_wrong_lock_pass(zygote: Zygote, attack: str) -> None:
    outcome = explored(zygote, ATTACKS[attack])
    assert outcome.state in (judge.FAILED, judge.REVIEW, judge.CRASHED), outcome
    assert outcome.state == judge.FAILED or outcome.evidence


def test_a_right_lock_passes_and_leaves_no_evidence(zygote: Zygote) -> None:
    outcome = explored(zygote, kit.solutions(6)["6b"])
    assert (outcome.state, outcome.evidence) == (judge.PASSED, [])
    assert "schedules" in outcome.got


@pytest.mark.parametrize("mine", ["def len(x): return 90\n", "import builtins\nbuiltins.len = lambda x: 90\n"])
def test_the_courses_functions_keep_their_own_builtins(zygote: Zygote, mine: str) -> None:
    assert (
        counted(zygote, "def schedules(program): return []\ndef play(*a): pass\ndef bad(p): pass\n" + mine).state == judge.FAILED
    )


def test_frames_end_where_a_students_code_begins(zygote: Zygote) -> None:
    source = (
        "import sys\nf, names = sys._getframe(), set()\nwhile f:\n"
        "    names |= {str(type(v).__name__) for v in f.f_locals.values()}\n"
        "    f = f.f_back\nprint('Harness' in names, 'Tripwire' in names)\n" + kit.solutions(6)["6b"]
    )
    outcome = explored(zygote, source)
    assert outcome.output.strip() == "False False"
    assert outcome.state == judge.REVIEW
    assert outcome.evidence[0].startswith("reads stack frames: 6b-solution, line 2")


@pytest.mark.parametrize("innocent", [
    "from collections import namedtuple\nP = namedtuple('P', 'x y')\n",
    "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass P:\n    x: int = 1\n",
    "import enum, typing\nE = enum.Enum('E', 'a b')\nclass T(typing.NamedTuple):\n    x: int = 1\n",
    ("import traceback, logging\ntry: 1 / 0\n"
    "except ZeroDivisionError: traceback.print_exc()\nlogging.getLogger('x').warning('y')\n"),
    ("import functools, inspect, typing\n@functools.singledispatch\n"
    "def g(x: int) -> str: return x\nprint(typing.get_type_hints(g))\n"
    "@functools.lru_cache\ndef f(x, *, y=1): return x\nprint(inspect.signature(f))\n"),
    "import statistics, decimal, string, calendar, difflib, threading\nthreading.Thread(target=print).start()\n",
])  # fmt: skip
def test_ordinary_use_of_the_library_leaves_no_evidence(zygote: Zygote, innocent: str) -> None:
    outcome = explored(zygote, innocent + kit.solutions(6)["6b"])
    assert (outcome.state, outcome.evidence) == (judge.PASSED, [])


def test_what_is_printed_is_told(zygote: Zygote) -> None:
    assert explored(zygote, "print('here I am')\n" + kit.solutions(6)["6b"]).output == "here I am\n"


@pytest.mark.parametrize(("source", "state"), [
    ("import os\nos._exit(0)\n", judge.CRASHED), ("raise SystemExit(0)\n", judge.FAILED), ("x = [0] * (1 << 30)\n", judge.MEMORY),
    ("class Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd\n", judge.FAILED),
    ("class Deadlock(Exception): pass\nraise Deadlock('not a real one')\n", judge.FAILED),
    ("while True: print('x' * 10000)\n", judge.OUTPUT), ("raise PermissionError('my own')\n", judge.FAILED),
    (("import threading, time\nthreading.stack_size(1 << 28)\n"
     "for i in range(9): threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"), judge.MEMORY),
])  # fmt: skip
def test_each_end_has_its_state(zygote: Zygote, source: str, state: str) -> None:
    assert explored(zygote, source).state == state


def test_what_is_left_behind_does_not_speak_after_the_value(zygote: Zygote) -> None:
    source = (
        "import atexit, sys, threading, signal\n@atexit.register\ndef late(): print('late')\n"
        "sys.excepthook = lambda *a: print('hook')\n"
        "def go():\n    while True: pass\nthreading.Thread(target=go, daemon=True).start()\n" + kit.solutions(6)["6b"]
    )
    outcome = explored(zygote, source)
    assert (outcome.state, outcome.output, outcome.evidence) == (judge.PASSED, "", [])
