"""What a program that goes wrong is told: the thread, the line, and a cause that one can act on."""

from __future__ import annotations

import platform

import pytest

from labkit.native import Limits, run
from labkit.native.child import DEFAULT
from tests.labkit.native.programs import MACHINES, main

pytestmark = pytest.mark.requires("cc", "linux")
x86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="this is how x86_64 tells it: run it on such a machine")
BOTH = ("uthread", "pthread")
SHORT = Limits(seconds=0.5)
INCLUDES = "".join(f"#include <{name}.h>\n" for name in ("string", "signal", "setjmp", "sys/mman"))
FILL = "static void *(*volatile fill)(void *, int, size_t) = memset;"
"""No compiler knows what this calls."""
ONE = 'uthread_join(uthread_create("worker", work, 0)); return 0;'


def verdict(machine: str, work: str, body: str = ONE, before: str = "", limits: Limits = DEFAULT) -> str:
    """The verdict on a program whose thread does this, on line 9; the body of main begins on line 12."""
    source = INCLUDES + main(body, f"{before} static void *work(void *arg) {{ {work} return arg; }}")
    return run(source, machine, limits=limits).verdict()


@x86
@pytest.mark.parametrize("machine", BOTH)
@pytest.mark.parametrize(
    ("work", "told"),
    [
        ("int x = *(volatile int *)0; (void)x;", "'worker' reads address 0x0, where it may not"),
        ('volatile char *s = (char *)"const"; s[0] = 1;', "'worker' writes to address 0x"),
        ("*(volatile char *)(long)work = 1;", "'worker' writes to address 0x"),
        ("*(volatile char *)0xdead000000000000 = 1;", "'worker' uses an address that no memory can have"),
        ("void (*volatile f)(void) = 0; f();", "'worker' jumps to address 0x0, where no code is"),
        ("static char code[9]; void (*volatile f)(void) = (void (*)(void))code; f();", "'worker' jumps to address 0x"),
        ("volatile int zero = 0; return (void *)(long)(7 / zero);", "'worker' divides a whole number by zero"),
        ("char room[8]; fill(room, 0x41, 64); return room[1] ? 0 : arg;",
         "'worker' returns to an address that is none: its stack was overwritten"),
        ("char *volatile none = 0; return (void *)strlen(none);", "'worker' reads address 0x0, where it may not"),
    ],
)  # fmt: skip
def test_what_was_done_to_which_address_is_told(machine: str, work: str, told: str) -> None:
    said = verdict(machine, work, before=FILL)
    assert told in said
    assert said.endswith("in work(), line 9.")


@x86
def test_an_instruction_of_the_kernels_is_told_as_one() -> None:
    assert verdict("uthread", '__asm__("hlt");').startswith("thread 'worker' has an instruction that only the kernel may use")
    assert "'worker': Trace/breakpoint trap, in work(), line 9" in verdict("uthread", '__asm__("int3");')


def test_a_name_with_line_breaks_does_not_break_a_message() -> None:
    assert "thread 'two?lines'" in verdict("uthread", "abort();", ONE.replace("worker", "two\\nlines"))


@pytest.mark.parametrize("machine", BOTH)
@pytest.mark.parametrize("bytes_", ["1ul << 45", "-1"])
def test_a_stack_larger_than_memory_is_refused_where_the_thread_is_made(machine: str, bytes_: str) -> None:
    said = verdict(machine, "", f"uthread_stack_bytes = {bytes_}; " + ONE)
    assert said.startswith("thread 'main' creates a thread: ")
    assert said.endswith("in main(), line 12.")


def test_a_pointer_into_the_stack_of_a_thread_that_has_ended_is_told_as_one() -> None:
    said = verdict("uthread", "int local = 5; kept = &local; return 0;", ONE.replace("return 0", "return *kept"),
                   "static int *volatile kept;")  # fmt: skip
    assert "'main' reads address 0x" in said
    assert "there was the stack of thread 'worker', which has ended, in main(), line 1" in said


@x86
def test_a_signal_that_finds_no_room_on_the_stack_is_told_as_a_stack_that_is_used_up() -> None:
    down = "static char *low; static int down(int n) { volatile char room[64]; room[0] = n; char *volatile here = (char *)room;"
    down += " if (here < low) for (;;) room[1]++; return down(n + 1) + room[0]; }"
    said = verdict("uthread-preemptive", "char top; low = &top - 65536 + 3000; return (void *)(long)down(0);", before=down)
    assert "'worker' has used up its stack of 64 KiB: no room is left for the registers that a signal saves" in said
    assert "in down(), line 9" in said


@pytest.mark.parametrize("machine", BOTH)
@pytest.mark.parametrize("room", ["alloca(1 << 20)", "(char[1 << 20]){1}"])
def test_what_needs_more_room_than_the_stack_has_is_told_as_that(machine: str, room: str) -> None:
    said = verdict(machine, f"return fill({room}, 1, 1 << 20);", before="#include <alloca.h>\n" + FILL)
    assert "'worker' has used up its stack of 64 KiB" in said


@pytest.mark.parametrize("machine", MACHINES)
def test_a_thread_without_a_function_is_refused_where_it_is_made(machine: str) -> None:
    assert verdict(machine, "", "uthread_create(0, NULL, 0); return 0;") == (
        "thread 'main' creates a thread that has no function to run, in main(), line 12."
    )


@pytest.mark.parametrize("machine", BOTH)
def test_two_who_join_one_thread_are_both_named(machine: str) -> None:
    before = "static volatile uthread_t a; static void *other(void *arg) { return uthread_join(a); }"
    body = 'a = uthread_create("slow", work, 0); uthread_create("second", other, 0); uthread_yield(); uthread_join(a); return 0;'
    said = verdict(machine, "for (;;) uthread_yield();", body, before)
    assert "joins thread 'slow', which '" in said
    assert "' joins already, in " in said


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_that_join_each_other_in_a_circle_are_told_so(machine: str) -> None:
    before = "static volatile uthread_t a, b; static void *other(void *arg) { return uthread_join(a); }"
    body = 'a = uthread_create("a", work, 0); b = uthread_create("b", other, 0); uthread_exit(0);'
    said = verdict(machine, "while (!b) uthread_yield(); return uthread_join(b);", body, before)
    assert said.startswith("deadlock: ")
    assert "'a' waits for the end of 'b'" in said
    assert "'b' waits for the end of 'a'" in said


@pytest.mark.parametrize("machine", MACHINES)
def test_a_thread_that_joins_main_while_main_joins_it_is_told_so(machine: str) -> None:
    said = verdict(machine, "return uthread_join(1);")
    assert said.startswith("deadlock: ")
    assert "'main' waits for the end of 'worker'" in said
    assert "'worker' waits for the end of 'main'" in said


@pytest.mark.parametrize("machine", MACHINES)
def test_a_thread_that_ended_with_a_lock_is_named_to_those_who_wait(machine: str) -> None:
    before = 'static uthread_mutex_t m = UTHREAD_MUTEX("m");'
    body = ONE.replace("return", "uthread_mutex_lock(&m); return")
    said = verdict(machine, "uthread_mutex_lock(&m);", body, before, SHORT)
    assert "which 'worker' had when it ended" in said
    assert "in main(), line 12" in said


@pytest.mark.parametrize("machine", BOTH)
def test_who_calls_exit_is_named(machine: str) -> None:
    assert verdict(machine, "exit(5);") == "exit code 5: thread 'worker' ended the program, in work(), line 9."


@pytest.mark.parametrize("machine", BOTH)
def test_the_line_that_floods_the_output_is_named(machine: str) -> None:
    said = verdict(machine, 'for (;;) puts("flood");')
    assert said.startswith("it wrote more to stdout than is kept (1024 KiB): stopped there. ")
    assert "'worker' was in work(), line 9" in said


@pytest.mark.parametrize(
    "game",
    [
        "sigset_t all; sigfillset(&all); sigdelset(&all, SIGTERM); sigprocmask(SIG_BLOCK, &all, 0);",
        "signal(SIGALRM, SIG_IGN);",
        "signal(SIGALRM, mine);",
    ],
)
def test_a_program_that_takes_sigalrm_away_is_told_so(game: str) -> None:
    said = verdict("uthread-preemptive", game + " for (;;);", before="static void mine(int n) { (void)n; }", limits=SHORT)
    assert "had not ended" in said
    assert "SIGALRM no longer came to labkit's handler" in said


def test_a_thread_that_jumps_onto_another_threads_stack_is_found() -> None:
    body = "if (!setjmp(here)) uthread_join(uthread_create(0, work, 0));\nuthread_yield(); return 0;"
    said = verdict("uthread", "longjmp(here, 1);", body, "static jmp_buf here;")
    assert said == "thread 'A' runs on a stack that is not its own: longjmp cannot go from thread to thread, in main(), line 13."


@pytest.mark.parametrize("machine", BOTH)
def test_a_program_that_closes_every_file_is_understood_all_the_same(machine: str) -> None:
    assert "'worker' writes to address 0x8" in verdict(machine, "for (int i = 0; i < 99; i++) close(i); *(volatile int *)8 = 1;")


@pytest.mark.parametrize("machine", BOTH)
def test_another_process_started_by_the_c_library_is_told_as_one(machine: str) -> None:
    assert "it started another process (system, popen), which is refused here" in verdict(machine, 'if (system("true")) abort();')


def test_sixteen_thousand_threads_are_enough_and_quickly_told() -> None:
    said = verdict("uthread", "uthread_yield();", 'for (;;)\nuthread_create("many", work, 0);')
    assert said == "thread 'main' creates a thread while 16384 are there: join some first, in main(), line 13."
