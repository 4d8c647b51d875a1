"""Kernel modules that students write: each check has a kernel of its own, and the same text the same grade."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from labkit.grading import judge
from labkit.grading.asking import packed_answer
from labkit.grading.judge import Outcome
from labkit.grading.workers import Zygotes
from tests.labkit.grading import kit

pytestmark = pytest.mark.requires("kernel")


@pytest.fixture(scope="module")
def zygotes() -> Iterator[Zygotes]:
    found = Zygotes()
    yield found
    found.close()


def served(zygotes: Zygotes, body: str, number: int = 0, head: str = "") -> Outcome:
    """A check of 10c with this body of serve()."""
    text = f"{head}\nstatic int serve(void *data)\n{{\n{body}\n}}\n"
    problem = kit.problems(10)["10c"]
    return zygotes.check(problem, {"10c": f"def worker_in_c():\n    return {text!r}\n"}, problem.checks[number])


@pytest.mark.parametrize(("lesson", "id"), [(10, "10c"), (12, "12b"), (12, "12d")])
def test_every_check_stands_alone_and_takes_the_courses_own_solution(zygotes: Zygotes, lesson: int, id: str) -> None:
    problem = kit.problems(lesson)[id]
    for check in problem.checks:
        outcome = zygotes.check(problem, kit.solutions(lesson), check)
        assert (outcome.state, outcome.evidence) == (judge.PASSED, []), f"{check.expression}: {outcome}"


WRONG = {
    "an oops": ("*(volatile int *)8 = 1; return 0;", judge.CRASHED, "NULL pointer"),
    "a panic": ('panic("on purpose"); return 0;', judge.CRASHED, "panic"),
    "spins in rmmod": ("for (;;) cond_resched(); return 0;", judge.TIMEOUT, "worker is in state R"),
    "waits for ever": ("static DECLARE_COMPLETION(never); for (;;) wait_for_completion(&never); return 0;",
                       judge.DEADLOCK, "worker is in state D"),
    "no C": ("return ;;; }", judge.FAILED, "lab.c"),
    "a file of the host": ("return 0;", judge.BLOCKED, "/etc/passwd"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_module_ends_in_a_state_of_its_own(zygotes: Zygotes, what: str) -> None:
    body, state, said = WRONG[what]
    outcome = served(zygotes, body, head='#include "/etc/passwd"' if what == "a file of the host" else "")
    assert outcome.state == state, outcome
    assert said in outcome.reason
    assert "root:" not in outcome.reason + outcome.got


def test_incbin_reads_nothing_of_this_machine(zygotes: Zygotes) -> None:
    outcome = served(zygotes, 'asm(".incbin \\"/etc/passwd\\""); return 0;')
    assert outcome.state in (judge.BLOCKED, judge.FAILED)
    assert "root:" not in outcome.reason + outcome.got


def test_the_same_module_gives_the_same_run(zygotes: Zygotes) -> None:
    body = "wait_event_interruptible(door, kthread_should_stop()); return done;"
    first = served(zygotes, body, 1)
    zygotes.answers.clear()
    again = served(zygotes, body, 1)
    assert (first.state, first.got) == (again.state, again.got)
    assert first.state == judge.FAILED


def test_without_the_kernel_what_needs_it_is_not_graded(zygotes: Zygotes, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(request: dict[str, Any]) -> dict[str, Any]:
        return {"kind": "NoKernel", "packed": packed_answer("NoKernel", "none"), "state": "missing", "text": "not set up"}

    monkeypatch.setattr(zygotes.kernels, "ask", ask)
    outcome = served(zygotes, "return 0; /* never seen before */")
    assert outcome.state == judge.NOT_GRADED
    assert "the real kernel" in outcome.reason
