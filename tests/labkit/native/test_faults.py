"""C that goes wrong: each time a message names the thread and the line, and the caller goes on."""

from __future__ import annotations

import os

import pytest

from labkit.native import Limits, run
from tests.labkit.native.programs import MACHINES, main

pytestmark = pytest.mark.requires("cc", "linux")
BOTH = ("uthread", "pthread")
SHORT = Limits(seconds=0.5)
JOIN = "uthread_join(uthread_create({name}, work, 0)); return 0;"
DEEP = "int down(int n) { volatile char room[500]; room[0] = n; return down(n + 1) + room[0]; }"
LOCKS = """
static uthread_mutex_t a = UTHREAD_MUTEX("a"), b = UTHREAD_MUTEX("b");
static volatile int n;
static void both(void) { n++; while (n < 2) uthread_yield(); }
static void *ab(void *arg) { uthread_mutex_lock(&a); both(); uthread_mutex_lock(&b); return arg; }
static void *ba(void *arg) { uthread_mutex_lock(&b); both(); uthread_mutex_lock(&a); return arg; }
""".replace("\n", " ")


@pytest.mark.parametrize("machine", MACHINES)
def test_a_stack_that_is_used_up_is_told_by_the_threads_name(machine: str) -> None:
    work = DEEP + " static void *work(void *arg) { return (void *)(long)down(0); }"
    done = run(main(JOIN.format(name='"digger"'), work), machine)
    assert done.signal == "SIGSEGV"
    assert "thread 'digger' has used up its stack of 64 KiB" in done.verdict()
    assert "in its guard page, in down(), line 5" in done.verdict()
    assert "uthread: thread 'digger' has used up its stack" in done.stderr  # the program says so without labkit too


@pytest.mark.parametrize("machine", MACHINES)
def test_mains_stack_too(machine: str) -> None:
    assert "thread 'main' has used up its stack" in run(main("return down(0);", DEEP), machine).verdict()


def test_a_large_array_does_not_jump_over_the_guard_page() -> None:
    work = "static void *work(void *arg) { volatile char room[1 << 20]; room[(long)arg] = 1; return (void *)(long)room[1]; }"
    assert "thread 'A' has used up its stack" in run(main(JOIN.format(name=0), work)).verdict()


@pytest.mark.parametrize("machine", BOTH)
def test_whose_guard_page_was_touched_is_told(machine: str) -> None:
    work = "static char *low; static void *work(void *arg) { char here; low = &here; uthread_yield(); return arg; }"
    body = "uthread_t a = uthread_create(0, work, 0); while (!low) uthread_yield();"
    body += "char *page = (char *)((long)low & -4096); while (1) { page -= 4096; *(volatile char *)page; }"
    done = run(main(body, work), machine)
    assert "thread 'main' touches 0x" in done.verdict()
    assert "the guard page of thread 'A', in main(), line 8" in done.verdict()


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("line", "signal", "told"),
    [
        ("*(volatile int *)16 = 1;", "SIGSEGV", "thread 'A' writes to address 0x10, where it may not: Segmentation fault"),
        ("abort();", "SIGABRT", "thread 'A': Aborted"),
        ("__builtin_trap();", "SIGILL", "thread 'A': Illegal instruction"),
        ("static void *volatile p; p = malloc(9); free(p); free(p);", "SIGABRT", "thread 'A': Aborted"),
    ],
)
def test_a_crash_names_thread_function_and_line(machine: str, line: str, signal: str, told: str) -> None:
    done = run(main(JOIN.format(name=0), f"static void *work(void *arg) {{ {line} return arg; }}"), machine)
    assert (done.signal, done.exit) == (signal, None)
    assert f"{told}, in work(), line 5" in done.verdict()


NOTHING = 'static void *work(void *arg) { return arg; } static uthread_mutex_t m = UTHREAD_MUTEX("m");'


@pytest.mark.parametrize("machine", BOTH)
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("uthread_t a = uthread_create(0, work, 0);\nuthread_join(a);\nuthread_join(a);",
         "thread 'main' joins thread 'A' (tid 2), which was joined before, in main(), line 10"),
        ("uthread_join(7);", "thread 'main' joins thread '?' (tid 7), which was never created, in main(), line 8"),
        ("uthread_join(uthread_self());",
         "thread 'main' joins itself: it would wait for its own end for ever, in main(), line 8"),
        ("uthread_t a = uthread_create(0, work, 0);\nuthread_join(a);\nuthread_yield_to(a);",
         "thread 'main' wants to switch to thread 2, which has ended or was never created, in main(), line 10"),
        ("uthread_mutex_unlock(&m);", "thread 'main' unlocks mutex m, which nobody has locked, in main(), line 8"),
        ("uthread_mutex_lock(&m);\nuthread_mutex_lock(&m);",
         "thread 'main' locks mutex m, which it has locked already, in main(), line 9"),
    ],
)  # fmt: skip
def test_a_call_that_makes_no_sense_is_told_and_ends_the_program(machine: str, body: str, told: str) -> None:
    done = run(main(body + " return 0;", NOTHING), machine)
    assert done.exit == 70
    assert told in done.verdict()


def test_a_critical_section_ends_once() -> None:
    assert "ends a critical section that it has not begun, in main(), line 8" in run(main("uthread_no_preempt_end();")).verdict()


def test_a_deadlock_of_our_threads_is_seen_at_once_and_names_who_waits_for_whom() -> None:
    body = "uthread_t x = uthread_create(0, ab, 0); uthread_create(0, ba, 0);\nuthread_join(x); return 0;"
    done = run(main(body, LOCKS))
    assert done.exit == 70
    assert "deadlock: no thread can run; 'main' waits for the end of 'A'" in done.verdict()
    assert "'A' waits for mutex b, which 'B' has; 'B' waits for mutex a, which 'A' has" in done.verdict()
    assert "'main' waits in main(), line 9; 'A' waits in ab(), line 5; 'B' waits in ba(), line 5" in done.verdict()


def test_a_deadlock_of_pthreads_is_stopped_and_shows_where_each_waits() -> None:
    body = "uthread_t x = uthread_create(0, ab, 0); uthread_create(0, ba, 0);\nuthread_join(x); return 0;"
    done = run(main(body, LOCKS), "pthread", limits=SHORT)
    assert "'main' waits for the end of thread 'A' in main(), line 9" in done.verdict()
    assert "'A' waits for Mutex 'b', which 'B' has, in ab(), line 5" in done.verdict()
    assert "'B' waits for Mutex 'a', which 'A' has, in ba(), line 5" in done.verdict()


@pytest.mark.parametrize("machine", MACHINES)
def test_an_endless_loop_is_stopped_and_its_line_is_named(machine: str) -> None:
    done = run(
        main(JOIN.format(name='"loop"'), "static void *work(void *arg) { for (;;) getpid(); return arg; }"), machine, limits=SHORT
    )
    assert done.signal == "SIGTERM"
    assert "it had not ended after 0." in done.verdict()
    assert "'main' waits for the end of thread 'loop' in main(), line 8; 'loop' was in work(), line 5" in done.verdict()
    assert len(done.trace) > 3


def test_a_program_that_refuses_to_end_is_killed() -> None:
    body = 'signal(15, SIG_IGN); puts("here"); fflush(stdout); for (;;);'
    done = run(main(body, "#include <signal.h>"), limits=SHORT)
    assert (done.signal, done.stdout) == ("SIGKILL", "here\n")
    assert "had not ended" in done.verdict()


def test_output_without_end_is_cut_and_the_program_stopped() -> None:
    done = run(main('for (int i = 0; i < 100000000 / 20; i++) puts("twenty characters .."); return 0;'))
    assert len(done.stdout) == 1 << 20
    assert done.verdict() == "it wrote more to stdout than is kept (1024 KiB): stopped there. 'main' was in main(), line 8."


@pytest.mark.parametrize("machine", BOTH)
def test_a_fork_bomb_does_not_go_off(machine: str) -> None:
    done = run(main("for (;;)\nfork();"), machine)
    assert done.signal == "SIGSYS"
    assert "thread 'main' starts or signals another process, which is refused here" in done.verdict()
    assert "in main(), line 9" in done.verdict()


def test_another_process_cannot_be_killed() -> None:
    done = run(main(f"kill({os.getpid()}, 9); return 0;", "#include <signal.h>"))
    assert "starts or signals another process" in done.verdict()


def test_who_is_allowed_to_fork_leaves_nobody_behind() -> None:
    body = 'if (fork() == 0) { for (;;) pause(); } puts("parent"); return 0;'
    done = run(main(body), limits=Limits(forks=True))
    assert done.stdout == "parent\n"
    assert not done.ended.timed_out  # the child that holds stdout open was ended, not waited for


def test_memory_and_files_have_limits() -> None:
    body = 'char *volatile p = malloc(300 << 20); printf("%d", p == NULL); return 0;'
    assert run(main(body), limits=Limits(memory_mb=256)).stdout == "1"
    body = 'FILE *f = fopen("big", "w"); for (;;) fputs("................................", f);'
    done = run(main(body), limits=Limits(file_mb=1))
    assert done.verdict() == "SIGXFSZ: it wrote a file larger than its limit."


@pytest.mark.parametrize("machine", BOTH)
def test_an_exit_code_is_not_an_error_of_ours(machine: str) -> None:
    done = run(main("return 3;"), machine)
    assert (done.exit, done.signal, done.verdict()) == (3, "", "exit code 3.")


def test_what_the_program_reads_is_what_it_is_given() -> None:
    body = 'int n = 0; while (getchar() != EOF) n++; printf("%d", n); return 0;'
    assert run(main(body), stdin="x" * 300_000).stdout == "300000"
    assert run(main(body)).stdout == "0"
    assert run(main("return 0;"), stdin="x" * 300_000).verdict() == ""  # who does not read does not hang
