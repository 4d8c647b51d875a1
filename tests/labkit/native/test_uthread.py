"""Laws of the C threads: what holds on our own and on the operating system's."""

from __future__ import annotations

import pytest

from labkit.errors import LabError
from labkit.native import Limits, run
from labkit.tracelog import CAUSES, FIELDS
from labkit.views.timeline import Timeline
from tests.labkit.native.programs import LAWS, MACHINES, OURS, STORM, main

pytestmark = pytest.mark.requires("cc", "linux")
LETTERS = """
static void *work(void *arg)
{
    for (int i = 0; i < 3; i++) {
        putchar(*uthread_name(uthread_self()));
        uthread_yield();
    }
    return arg;
}
"""


@pytest.mark.parametrize("switch", ["asm", "swapcontext"])
@pytest.mark.parametrize("machine", MACHINES)
def test_a_mutex_admits_one_thread_and_every_result_arrives(machine: str, switch: str) -> None:
    done = run(LAWS, machine, switch=switch, timer_us=100)
    assert (done.verdict(), done.stdout) == ("", "0 10 20 30 counter 100 most 1\n")


@pytest.mark.parametrize("switch", ["asm", "swapcontext"])
def test_threads_that_yield_take_turns(switch: str) -> None:
    body = "uthread_t a = uthread_create(0, work, 0), b = uthread_create(0, work, 0), c = uthread_create(0, work, 0);"
    body += "uthread_join(a); uthread_join(b); uthread_join(c); return 0;"
    done = run(main(body, LETTERS.replace("\n", " ")), switch=switch)
    assert done.stdout == "ABCABCABC"
    assert " ".join(s.next for s in done.switches if s.cause in ("start", "yield")) == "main B C A B C A B C A"


def test_a_cooperative_run_repeats_exactly() -> None:
    events = [[(e.kind, e.tid, e.args) for e in run(LAWS).trace] for _ in range(2)]
    assert events[0] == events[1]


def test_a_thread_is_preempted_only_by_the_timer() -> None:
    spin = "static volatile int done; static void *work(void *arg) { while (!done); return arg; }"
    body = "uthread_t a = uthread_create(0, work, 0); uthread_yield(); done = 1; uthread_join(a); return 0;"
    assert run(main(body, spin), "uthread-preemptive").exit == 0
    stuck = run(main(body, spin), "uthread", limits=Limits(seconds=0.3))
    assert "it had not ended" in stuck.verdict()
    assert "'A' was in work(), line 5" in stuck.verdict()


@pytest.mark.parametrize(("machine", "switch"), [*OURS, ("pthread", "asm")])
@pytest.mark.parametrize("seed", [1, 2])
def test_everything_at_once_loses_no_thread_and_no_update(machine: str, switch: str, seed: int) -> None:
    done = run(STORM, machine, timer_us=30, switch=switch, stdin=f"{seed} 60", events=1 << 12, limits=Limits(seconds=60))
    assert done.verdict() == ""
    counted, raised = done.stdout.split()
    assert counted == raised


def test_no_preempt_holds_the_timer_off_and_lets_the_tick_through_at_its_end() -> None:
    work = (
        "static volatile int seen; static void *other(void *arg) { seen = 1; return arg; }"
        "static void spin(void) { for (volatile long i = 0; i < 40000000; i++); }"
    )
    body = (
        "uthread_no_preempt_begin(); uthread_t a = uthread_create(0, other, 0); uthread_no_preempt_begin(); spin();"
        "uthread_no_preempt_end(); int inside = seen; spin(); inside += seen; uthread_no_preempt_end();"
        'int after = seen; printf("%d %d", inside, after); uthread_join(a); return 0;'
    )
    done = run(main(body, work), "uthread-preemptive", timer_us=500)
    assert done.stdout == "0 1"
    assert len(done.trace.of("timer")) >= 2


def test_a_critical_section_is_its_threads_own() -> None:
    """A yields inside one: others may be preempted meanwhile, and A still may not when it is back."""
    work = (
        "static void spin(void) { for (volatile long i = 0; i < 4000000; i++); }"
        "static void *careful(void *arg) { uthread_no_preempt_begin(); for (int i = 0; i < 5; i++) { uthread_yield(); spin(); }"
        " uthread_no_preempt_end(); return arg; }"
        "static void *work(void *arg) { for (int i = 0; i < 5; i++) spin(); return arg; }"
    )
    body = 'uthread_t a = uthread_create("careful", careful, 0), b = uthread_create(0, work, 0), c = uthread_create(0, work, 0);'
    done = run(
        main(body + "uthread_join(a); uthread_join(b); uthread_join(c); return 0;", work), "uthread-preemptive", timer_us=500
    )
    preempted = {s.thread: s.where and s.where.function for s in done.switches if s.cause == "preempt" and "rax" in s.registers}
    assert "careful" not in preempted
    assert {"B", "C"} & set(preempted)


def test_a_thread_inside_the_c_library_is_not_preempted() -> None:
    """One thread in the middle of printf or malloc, another one enters: the library's data would break."""
    work = (
        "static void *work(void *arg) { for (int i = 0; i < 20000; i++) {"
        ' char *p = malloc(i % 500 + 1); p[0] = 1; if (i % 1000 == 0) printf("%ld\\n", (long)arg); free(p); } return arg; }'
    )
    body = "uthread_t t[4]; for (long i = 0; i < 4; i++) t[i] = uthread_create(0, work, (void *)i);"
    body += "for (int i = 0; i < 4; i++) uthread_join(t[i]); return 0;"
    done = run(main(body, work), "uthread-preemptive", timer_us=50)
    assert done.verdict() == ""
    assert sorted(done.stdout.split()) == sorted("0123" * 20)


def test_a_preempted_thread_finds_its_errno_again() -> None:
    """errno belongs to the OS thread, and all our threads share one."""
    work = (
        "static volatile int wrong; static void *work(void *arg) { volatile int *own = &errno;"
        " for (int i = 0; i < 300; i++) { *own = (int)(long)arg;"
        " for (volatile int j = 0; j < 100000; j++); wrong += *own != (int)(long)arg; } return arg; }"
    )
    body = "uthread_t a = uthread_create(0, work, (void *)7), b = uthread_create(0, work, (void *)9);"
    body += 'uthread_join(a); uthread_join(b); printf("%d", wrong); return 0;'
    done = run("#include <errno.h>\n" + main(body, work), "uthread-preemptive", timer_us=200)
    assert done.stdout == "0"
    assert sum(s.cause == "preempt" for s in done.switches) > 4


def test_a_thread_is_joined_once_even_while_its_joiner_has_not_yet_gone_on() -> None:
    """x ends and wakes main, but late runs before main does: two joins would free one stack twice."""
    work = "static volatile uthread_t x; static void *work(void *arg) { return arg; }"
    work += " static void *late(void *arg) { return uthread_join(x); }"
    body = 'x = uthread_create("x", work, 0); uthread_create("late", late, 0); uthread_join(x); return 0;'
    assert run(main(body, work)).verdict() == "thread 'late' joins thread 'x', which 'main' joins already, in late(), line 5."


def test_yield_to_names_who_is_next() -> None:
    body = "uthread_t a = uthread_create(0, work, 0), b = uthread_create(0, work, 0);"
    body += "uthread_yield_to(b); uthread_join(a); uthread_join(b); return 0;"
    assert run(main(body, LETTERS.replace("\n", " "))).stdout.startswith("B")


@pytest.mark.parametrize("machine", MACHINES)
def test_main_may_leave_before_its_threads(machine: str) -> None:
    done = run(main("uthread_create(0, work, 0); uthread_exit(0);", LETTERS.replace("\n", " ")), machine)
    assert (done.stdout, done.exit) == ("AAA", 0)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_event_is_one_that_a_trace_knows(machine: str) -> None:
    trace = run(LAWS, machine, timer_us=100).trace
    assert trace.threads == {1: "main", 2: "A", 3: "B", 4: "C", 5: "D"}
    assert {e.kind for e in trace} <= set(FIELDS)
    assert {e.cause for e in trace.of("sched_switch")} <= set(CAUSES)
    assert [e.t_ns for e in trace] == sorted(e.t_ns for e in trace)
    assert {e.lock for e in trace.of("lock_acquire")} == {"lock"}  # found by its address in the program's symbols
    assert "main" in Timeline(trace).text()


@pytest.mark.parametrize(("machine", "switch"), OURS)
def test_one_thread_runs_at_a_time_on_n_to_1(machine: str, switch: str) -> None:
    running = 0
    for event in run(LAWS, machine, switch=switch, timer_us=100).trace.of("sched_switch"):
        assert event.tid == running
        running = event.next_tid


def test_a_full_ring_keeps_the_end_and_counts_what_it_lost() -> None:
    body = "uthread_t a = uthread_create(0, work, 0); uthread_join(a); return 0;"
    work = 'static void *work(void *arg) { for (int i = 0; i < 1000; i++) uthread_note("n"); return arg; }'
    done = run(main(body, work), events=64)
    assert done.trace.lost == 1000 + 8 - 64  # and: 2 spawns, a wait, 2 switches, 2 exits, a wake-up
    kinds = [e.kind for e in done.trace]
    assert kinds[:3] == ["spawn", "spawn", "sched_switch"]  # who was there when the rest of the trace begins
    assert kinds[-5:] == ["note", "exit", "sched_wakeup", "sched_switch", "exit"]


def test_ten_thousand_threads_live_at_once() -> None:
    work = "static int n; static void *work(void *arg) { n++; uthread_yield(); return arg; }"
    body = "static uthread_t t[10000]; for (int i = 0; i < 10000; i++) t[i] = uthread_create(0, work, 0); uthread_yield();"
    body += 'printf("%d", n); for (int i = 0; i < 10000; i++) uthread_join(t[i]); return 0;'
    done = run(main(body, work), events=1 << 17)
    assert (done.verdict(), done.stdout) == ("", "10000")


@pytest.mark.parametrize("machine", ["uthread", "pthread"])
def test_threads_may_come_and_go_without_end(machine: str) -> None:
    work = "static volatile int over; static void *stay(void *arg) { while (!over) uthread_yield(); return arg; }"
    work += " static void *work(void *arg) { return arg; }"
    body = 'uthread_t a = uthread_create("stays", stay, 0); long sum = 0;'
    body += " for (long i = 0; i < 20000; i++) sum += (long)uthread_join(uthread_create(0, work, (void *)i));"
    body += ' over = 1; uthread_join(a); printf("%ld", sum); return 0;'
    done = run(main(body, work), machine, events=1 << 10, limits=Limits(seconds=60))
    assert (done.verdict(), done.stdout) == ("", str(sum(range(20000))))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"machine": "green"}, "choose 'uthread', 'uthread-preemptive', 'pthread'"),
        ({"switch": "jump"}, "choose 'asm' or 'swapcontext'"),
        ({"timer_us": 1}, "at least 20"),
        ({"events": 1000}, "a power of two"),
    ],
)
def test_an_argument_that_makes_no_sense_is_named(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(LabError, match=told):
        run("int main(void) { return 0; }", **wrong)  # type: ignore[arg-type]
