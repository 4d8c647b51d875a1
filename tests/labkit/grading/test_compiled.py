"""C that students write: what it does is judged, and it does it in a room of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.grading import judge
from labkit.grading.asking import packed_answer
from labkit.grading.exercise import grade, unit
from labkit.grading.gradebook import Gradebook
from labkit.grading.judge import Outcome
from labkit.grading.workers import Zygotes
from tests.labkit.grading import kit

pytestmark = pytest.mark.requires("cc")
RIGHT = r"""
static void *work(void *arg) { deliver((int)(long)arg); uthread_yield(); deliver((int)(long)arg); return NULL; }
static void start(int n, uthread_t *threads) {
    for (int i = 0; i < n; i++) threads[i] = uthread_create(NULL, work, UTHREAD_ARG(i)); }
"""
TAKES_OVER = """
from labkit import native
native.run = None
def outcome(*a, **k):
    return {'wrong': 0, 'trouble': '', 'threads': 4}
def repaired():
    return 'int x;'
"""


@pytest.fixture(scope="module")
def zygotes() -> Iterator[Zygotes]:
    found = Zygotes()
    yield found
    found.close()


def repaired(zygotes: Zygotes, text: str, number: int = 0) -> Outcome:
    """A check of 2e with this text as the solution."""
    problem = kit.problems(2)["2e"]
    return zygotes.check(problem, {"2e": f"def repaired():\n    return {text!r}\n"}, problem.checks[number])


def switched(zygotes: Zygotes, text: str, number: int = 2) -> Outcome:
    """A check of 4e with this text."""
    problem = kit.problems(4)["4e"]
    return zygotes.check(problem, {"4e": f"def my_switch():\n    return {text!r}\n"}, problem.checks[number])


@pytest.mark.parametrize(("lesson", "id"), [(2, "2d"), (2, "2e"), (4, "4e"), (5, "5a")])
def test_every_check_stands_alone_and_takes_the_courses_own_solution(zygotes: Zygotes, lesson: int, id: str) -> None:
    problem = kit.problems(lesson)[id]
    for check in problem.checks:
        outcome = zygotes.check(problem, kit.solutions(lesson), check)
        assert (outcome.state, outcome.evidence) == (judge.PASSED, []), f"{check.expression}: {outcome}"


def test_a_switch_written_in_another_way_is_right_too(zygotes: Zygotes) -> None:
    text = kit.solutions(4)["4e"].partition('return """')[2].partition('"""')[0]
    other = text.replace("    ret\n", "    pop %rcx\n    jmp *%rcx\n")
    assert other != text
    assert switched(zygotes, other).state == judge.PASSED


FORGED = {
    "assembly": """
uthread_switch:
    mov $1, %edi
    lea told(%rip), %rsi
    mov $20, %edx
    mov $1, %eax
    syscall
    xor %edi, %edi
    mov $231, %eax
    syscall
told: .ascii "saved 72\\nlost\\nproof 0\\n"
""",
    "C": '#include <unistd.h>\n'
    'void uthread_switch(void **a, void *b) { write(1, "saved 72\\nlost\\nproof 0\\n", 23); _exit(0); }',
    "at load": '#include <unistd.h>\n__attribute__((constructor)) static void first(void) '
    '{ write(1, "saved 72\\nlost\\n", 14); _exit(0); }\nvoid uthread_switch(void **a, void *b) { }',
}  # fmt: skip


@pytest.mark.parametrize("how", FORGED)
def test_a_text_that_prints_what_the_judge_would_print_is_not_believed(zygotes: Zygotes, how: str) -> None:
    assert switched(zygotes, FORGED[how]).state not in (judge.PASSED, judge.REVIEW)


HOSTILE = {
    "segfault": ("*(volatile int *)0 = 1;", {judge.CRASHED}),
    "stack overflow": ("volatile char all[1 << 24]; for (int i = 0; i < 1 << 24; i++) all[i] = 1;", {judge.CRASHED}),
    "endless loop": ("for (;;) ;", {judge.TIMEOUT}),
    "flood": ('for (;;) puts("water");', {judge.OUTPUT}),
    "forks": ("extern int fork(void); while (fork() >= 0) ;", {judge.CRASHED, judge.BLOCKED}),
    "system": ('exit(system("id > /tmp/labkit-was-here"));', {judge.CRASHED, judge.BLOCKED, judge.FAILED}),
    "signals": ("extern int kill(int, int), getppid(void); if (kill(getppid(), 9) < 0) exit(9);",
                {judge.CRASHED, judge.BLOCKED, judge.FAILED}),
    "a feigned end": ("exit(0);", {judge.REVIEW, judge.FAILED}),
    "a feigned count": ("for (int i = 0; i < MOST; i++) { times[i] = i < n ? 2 : 0; by[i] = threads[i]; } exit(0);",
                        {judge.REVIEW, judge.FAILED}),
    "10 GB": ("char *p = malloc(10ll << 30); if (!p) abort(); for (long i = 0; i < 10ll << 30; i += 4096) p[i] = 1;",
              {judge.CRASHED}),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_c_ends_in_a_state_of_its_own(zygotes: Zygotes, what: str) -> None:
    deed, states = HOSTILE[what]
    text = RIGHT.replace("for (int i = 0; i < n", f"{deed}\n    for (int i = 0; i < n")
    outcome = repaired(zygotes, text)
    assert outcome.state in states, outcome
    assert not os.path.exists("/tmp/labkit-was-here")


DENIED = r"""
extern int fork(void), vfork(void), kill(int, int), getppid(void), setsid(void), socket(int, int, int), execl(const char *, ...);
extern int open(const char *, int, ...), chmod(const char *, unsigned), unlink(const char *), symlink(const char *, const char *);
"""
DEEDS = (
    'open("/etc/passwd", 0)', 'open("/proc/self/environ", 0)', 'open("/proc/1/cmdline", 0)', 'open("mine", 0101, 0600)',
    'open("/tmp/mine", 0101, 0600)', 'open("/dev/shm/mine", 0101, 0600)', 'symlink("/etc", "there")', "socket(1, 1, 0)",
    "socket(2, 1, 0)", 'execl("/bin/sh", "sh", "-c", "exit 0", NULL)', 'chmod("/tmp", 0777)', "setsid()", 'unlink("repaired")',
)  # fmt: skip


def test_a_program_reaches_no_file_no_network_and_no_other_program(zygotes: Zygotes) -> None:
    tried = " ".join(f"denied += ({deed}) < 0;" for deed in DEEDS)
    text = DENIED + RIGHT.replace("for (int i = 0; i < n", f"int denied = 0; {tried} exit(denied);\n    for (int i = 0; i < n")
    outcome = repaired(zygotes, text)
    assert outcome.state == judge.FAILED
    assert f"'wrong': {len(DEEDS)}," in outcome.got


AT_COMPILE_TIME = {
    "a file of the host": ('#include "/etc/passwd"', {judge.BLOCKED}),
    "incbin": ('__asm__(".incbin \\"/etc/passwd\\"");', {judge.BLOCKED, judge.FAILED}),
    "a device": ('#include "/dev/zero"', {judge.BLOCKED}),
    "itself": ("#include __FILE__", {judge.FAILED}),
    "a huge array": ("char all[1ll << 40];", {judge.CRASHED, judge.FAILED}),
    "a huge file": ("char all[1ll << 34] = {1};", {judge.FAILED, judge.CRASHED, judge.MEMORY}),
    "a constructor": ('extern void _exit(int); __attribute__((constructor)) static void early(void) { _exit(0); }',
                      {judge.REVIEW, judge.FAILED}),
    "an error": ("int x = ;", {judge.FAILED}),
}  # fmt: skip


@pytest.mark.parametrize("what", AT_COMPILE_TIME)
def test_a_text_that_attacks_the_compiler_ends_in_a_state_of_its_own(zygotes: Zygotes, what: str) -> None:
    text, states = AT_COMPILE_TIME[what]
    outcome = repaired(zygotes, f"{text}\n{RIGHT}")
    assert outcome.state in states, outcome
    assert "root:" not in outcome.reason + outcome.got


def test_a_macro_bomb_ends_with_its_processor_time_or_its_memory(zygotes: Zygotes) -> None:
    pairs = zip("ABCDEFGH", "BCDEFGHI", strict=True)
    bomb = (
        "#define A 1,1,1,1,1,1,1,1,1,1\n"
        + "".join(f"#define {b} {','.join([a] * 10)}\n" for a, b in pairs)
        + "int all[] = { I };"
    )
    told = zygotes.workshop.ask({"what": "run", "source": bomb, "machine": "uthread", "cpu_s": 1})
    assert told["state"] in (judge.TIMEOUT, judge.MEMORY), told["text"]


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("def repaired():\n    raise NotImplementedError('exercise 2e: write this part')\n", judge.NOT_ATTEMPTED),
        ("def repaired():\n    pass\n", judge.FAILED),
        ("def repaired():\n    return b'int x;'\n", judge.FAILED),
        ("def repaired():\n    return '\\ud800'\n", judge.FAILED),
        ("def repaired():\n    while True: pass\n", judge.TIMEOUT),
        ("def repaired():\n    import os; os._exit(0)\n", judge.CRASHED),
        ("import subprocess\ndef repaired():\n    return subprocess.run(['id']).stdout\n", judge.BLOCKED),
        (TAKES_OVER, judge.FAILED),
    ],
)  # fmt: skip
def test_the_python_around_a_text_is_only_asked_for_the_text(zygotes: Zygotes, source: str, state: str) -> None:
    problem = kit.problems(2)["2e"]
    assert zygotes.check(problem, {"2e": source}, problem.checks[0]).state == state


def test_without_a_compiler_an_exercise_is_not_graded_and_not_done(
    zygotes: Zygotes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lacks = {"kind": "NoCompiler", "packed": packed_answer("NoCompiler", "none"), "state": "missing", "text": "none works here"}
    problem = kit.problems(2)["2e"]
    work = unit(problem, kit.solutions(2))
    zygotes.answers.clear()
    book = Gradebook(tmp_path / "book.sqlite")
    with monkeypatch.context() as patch:
        patch.setattr(zygotes.workshop, "ask", lambda request: lacks)
        result = grade(work, zygotes)
    book.keep(work.key, result)
    assert result.state == judge.NOT_GRADED
    assert "a C compiler" in result.checks[0].reason
    assert book.known() == set(), "the next machine may have one"
    book.keep(work.key, replace(result, state=judge.PASSED))
    assert book.known() == {work.key}
    book.close()


def test_nothing_that_a_text_started_is_left(zygotes: Zygotes) -> None:
    assert zygotes.workshop.process is not None
    parents = [path.read_text().rpartition(")")[2].split()[1] for path in Path("/proc").glob("[0-9]*/stat")]
    assert str(zygotes.workshop.process.pid) not in parents
