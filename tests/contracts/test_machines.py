"""What every machine promises, in every form it can take."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labkit import (
    Atomic,
    Barrier,
    Channel,
    Condition,
    Deadlock,
    Event,
    Mutex,
    Semaphore,
    burn,
    current_thread,
    no_preempt,
    now,
    run,
    sched_yield,
    sleep,
    spawn,
)  # fmt: skip
from labkit.errors import LabError, NestedRun, NeverYields, NotInRun
from labkit.machines import ALL, Cooperative, Machine, Preemptive, Pthread
from tests.contracts.variants import (
    EXACT,
    LONG,
    VARIANTS,
    VIRTUAL,
    Variant,
    blocked,
    check_nothing_is_left,
    each,
    go,
    os_threads,
    outside,
    result,
    until,
)  # fmt: skip

ROOT = Path(__file__).parents[2]


def test_every_machine_has_a_variant_here() -> None:
    assert {type(v.make()).name for v in VARIANTS} == {kind.name for kind in ALL}


# ---- results and exceptions


@each(VARIANTS)
def test_run_returns_what_main_returns(v: Variant) -> None:
    made = go(v, lambda: {"answer": 42})
    assert made.result == {"answer": 42}
    assert made.machine == v.make().name


@each(VARIANTS)
def test_join_returns_the_result(v: Variant) -> None:
    def main() -> list[Any]:
        threads = [spawn(lambda x: x * x, i) for i in range(5)]
        return [t.join() for t in threads] + [threads[0].join()]

    assert result(v, main) == [0, 1, 4, 9, 16, 0]


@each(VARIANTS)
def test_join_raises_the_threads_exception(v: Variant) -> None:
    def main() -> str:
        t = spawn(lambda: {}["missing"])
        try:
            t.join()
        except KeyError as error:
            return f"{error} {t.state} {t.error is error}"
        return "nothing raised"

    assert result(v, main) == "'missing' EXITED True"


@each(VARIANTS)
def test_an_exception_that_nobody_joins_surfaces_and_names_its_thread(v: Variant) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        go(v, lambda: spawn(lambda: 1 // 0, name="unlucky"))
    assert any("'unlucky'" in note for note in caught.value.__notes__)


@each(VARIANTS)
def test_an_exception_in_one_thread_lets_the_others_finish(v: Variant) -> None:
    done: list[str] = []

    def worker() -> None:
        for _ in range(3):
            sched_yield()
        done.append("worker")

    def main() -> None:
        spawn(lambda: 1 // 0)
        spawn(worker)

    with pytest.raises(ZeroDivisionError):
        go(v, main)
    assert done == ["worker"]


@each(VARIANTS)
def test_mains_exception_ends_the_run_and_every_finally_block_runs(v: Variant) -> None:
    log: list[str] = []
    never = Event()

    def blocked_for_ever() -> None:
        try:
            never.wait()
        finally:
            log.append("blocked")

    def busy() -> None:
        try:
            while True:
                sched_yield()
        finally:
            log.append("busy")

    def asleep() -> None:
        try:
            sleep(10**6)
        finally:
            log.append("asleep")

    def main() -> None:
        a, b, c = spawn(blocked_for_ever), spawn(busy), spawn(asleep)
        until(blocked(a, c))
        until(lambda: b.state != "NEW")
        sched_yield()
        raise ValueError("main gives up")

    with pytest.raises(ValueError, match="main gives up"):
        go(v, main)
    assert sorted(log) in (["asleep", "blocked", "busy"], ["asleep", "blocked"])
    if v.exact:
        assert sorted(log) == ["asleep", "blocked", "busy"]


@each(VARIANTS)
@pytest.mark.parametrize("traced", [True, False])
def test_no_thread_makes_progress_after_mains_exception(v: Variant, traced: bool) -> None:
    log: list[str] = []
    over = []

    def stubborn(i: int) -> None:
        try:
            while True:
                sched_yield()
                if over:
                    log.append("went on")
        finally:
            sched_yield()
            log.append("went on in finally")

    def main() -> None:
        for i in range(3):
            spawn(stubborn, i)
        sched_yield()
        over.append(True)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        go(v, main, trace=traced)
    if v.exact or v.name == "cooperative-real":
        assert log == []


@each(VARIANTS)
def test_main_may_end_before_its_threads(v: Variant) -> None:
    log: list[str] = []

    def late() -> None:
        sleep(0.001)
        log.append("late")

    go(v, lambda: spawn(late) and None)
    assert log == ["late"]


# ---- time


@each(VIRTUAL)  # on a real clock a thread may start late, and then its deadline comes late too
def test_sleepers_wake_in_the_order_of_their_times(v: Variant) -> None:
    order: list[int] = []

    def main() -> list[int]:
        def nap(i: int) -> None:
            sleep(i * 0.02)
            order.append(i)

        threads = [spawn(nap, i) for i in (4, 2, 3, 1)]
        for t in threads:
            t.join()
        return order

    assert result(v, main) == [1, 2, 3, 4]


@each(VARIANTS)
def test_now_never_goes_back_and_a_sleep_lasts(v: Variant) -> None:
    def main() -> list[float]:
        times = [now()]
        for _ in range(5):
            sched_yield()
            times.append(now())
        sleep(0.003)
        return [*times, now()]

    times = result(v, main)
    assert times == sorted(times)
    assert 0 <= times[0] < 60
    assert times[-1] - times[-2] >= 0.003


@each(VIRTUAL)
def test_a_virtual_sleep_of_a_year_costs_nothing(v: Variant) -> None:
    year = 365 * 86400.0
    assert result(v, lambda: (sleep(year), now())[1]) == pytest.approx(year, abs=1)


@each(VARIANTS)
def test_burn_uses_time_and_reaches_no_scheduling_point(v: Variant) -> None:
    def main() -> float:
        start = now()
        burn(0.003)
        return now() - start

    made = go(v, main)
    assert made.result >= 0.003
    if v.exact:
        assert list(made.schedule) == ["main"]


@each(VARIANTS)
@pytest.mark.parametrize("seconds", [-1, "1", None, float("nan"), True])
def test_a_bad_time_is_an_error_that_shows_it(v: Variant, seconds: Any) -> None:
    with pytest.raises(LabError, match=r"sleep\(.*0 or more"):
        go(v, lambda: sleep(seconds))


@each(EXACT)
def test_an_exact_machine_repeats_itself(v: Variant) -> None:
    lock = Mutex("m")

    def worker(i: int) -> int:
        for _ in range(3):
            with lock:
                sched_yield()
        sleep(i * 1e-6)
        return i

    def main() -> list[int]:
        return [t.join() for t in [spawn(worker, i) for i in range(3)]]

    first, second = go(v, main), go(v, main)
    assert first.schedule == second.schedule
    assert len(first.schedule) > 10
    name = first.trace.name, second.trace.name
    assert [(e.t_ns, e.kind, name[0](e.tid)) for e in first.trace] == [(e.t_ns, e.kind, name[1](e.tid)) for e in second.trace]


# ---- threads


@each(VARIANTS)
def test_threads_may_spawn_threads(v: Variant) -> None:
    def tree(depth: int) -> int:
        if depth == 0:
            return 1
        return 1 + sum(t.join() for t in [spawn(tree, depth - 1), spawn(tree, depth - 1)])

    made = go(v, lambda: tree(4))
    assert made.result == 31
    assert len(made.threads) == 31


@each(VARIANTS)
def test_two_hundred_threads_in_one_run(v: Variant) -> None:
    gate = Barrier(200)
    count = Atomic(0)

    def worker() -> None:
        gate.wait()
        count.fetch_add()

    def main() -> int:
        for t in [spawn(worker) for _ in range(200)]:
            t.join()
        return int(count.load())

    count.store(0)
    assert result(v, main) == 200


@each(VARIANTS)
def test_names_and_tids_are_unique(v: Variant) -> None:
    def main() -> None:
        for name in [None, None, "A", "A", "main", "worker", "worker", *[None] * 30]:
            spawn(lambda: None, name=name)

    made = go(v, main)
    names = [t.name for t in made.threads]
    assert names[:8] == ["main", "A", "B", "A-2", "A-3", "main-2", "worker", "worker-2"]
    assert len(set(names)) == len({t.tid for t in made.threads}) == 38
    assert all(t.tid > 0 for t in made.threads)
    assert made.trace.threads == {t.tid: t.name for t in made.threads}


@each(VARIANTS)
def test_a_thread_lives_through_its_states(v: Variant) -> None:
    gate, go_on = Event(), Event()

    def worker() -> str:
        gate.wait()
        state = current_thread().state
        go_on.set()
        return state

    def main() -> list[str]:
        with no_preempt:
            t = spawn(worker)
            seen = [t.state]
        until(blocked(t))
        seen.append(t.state)
        gate.set()
        go_on.wait()
        seen += [t.join(), t.state, current_thread().state]
        return seen

    assert result(v, main) in [[s, "BLOCKED", "RUNNING", "EXITED", "RUNNING"] for s in ("RUNNABLE", "RUNNING")]


@each(VARIANTS)
def test_current_thread_is_the_one_that_asks(v: Variant) -> None:
    def worker() -> Any:
        before = current_thread()
        sched_yield()
        return before if before is current_thread() else None

    def main() -> bool:
        threads = [spawn(worker) for _ in range(5)]
        return [t.join() for t in threads] == threads and current_thread().name == "main"

    assert result(v, main) is True


@each(VARIANTS)
def test_a_detached_thread_runs_and_cannot_be_joined(v: Variant) -> None:
    log: list[str] = []

    def main() -> None:
        t = spawn(log.append, "ran", name="gone", detached=True)
        with pytest.raises(LabError, match="'gone' is detached"):
            t.join()

    before, threads = outside(), os_threads()
    go(v, main)
    assert log == ["ran"]
    check_nothing_is_left(before, threads)


@each(VARIANTS)
def test_joining_oneself_is_an_error_that_names_the_thread(v: Variant) -> None:
    with pytest.raises(LabError, match="'main' joins itself"):
        go(v, lambda: current_thread().join())


@each(VARIANTS)
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"fn": 3}, r"spawn\(3\)"),
        ({"name": ""}, "name"),
        ({"name": "two words"}, "two words"),
        ({"name": "a*"}, r"a\*"),
        ({"name": 7}, "7"),
        ({"colour": 1}, "colour="),
        ({"weight": 0}, "weight"),
        ({"tickets": 1.5}, "tickets"),
        ({"priority": "high"}, "high"),
    ],
)
def test_spawn_refuses_what_makes_no_sense(v: Variant, arguments: dict[str, Any], says: str) -> None:
    fn = arguments.get("fn", lambda: None)
    rest = {k: a for k, a in arguments.items() if k != "fn"}

    def main() -> int:
        with pytest.raises(LabError, match=says):
            spawn(fn, **rest)
        return int(spawn(lambda: 5).join())

    assert result(v, main) == 5


@each(VARIANTS)
@pytest.mark.parametrize("wish", [{"stack_bytes": "big"}, {"cpus": 3}, {"detached": "yes"}], ids=str)
def test_every_attribute_is_checked_on_every_machine(v: Variant, wish: dict[str, Any]) -> None:
    with pytest.raises(LabError, match=next(iter(wish))):
        go(v, lambda: spawn(lambda: None, **wish))


# ---- no_preempt


@each(VARIANTS)
def test_no_preempt_nests_and_holds_off_others_that_use_it(v: Variant) -> None:
    def main() -> int:
        shared = [0]

        def worker() -> None:
            for _ in range(50):
                with no_preempt:
                    with no_preempt:
                        seen = shared[0]
                    for _ in range(20):
                        pass
                    shared[0] = seen + 1
                sched_yield()

        for t in [spawn(worker) for _ in range(4)]:
            t.join()
        return shared[0]

    assert result(v, main) == 200


# ---- deadlock


def ring(acquire: Callable[[int], Any], hold: Callable[[int], Any], n: int) -> Callable[[], None]:
    """A program of n threads: each takes its own thing, waits until all have, then wants its neighbour's."""

    def main() -> None:
        all_hold = Barrier(n)

        def philosopher(i: int) -> None:
            hold(i)
            all_hold.wait()
            acquire((i + 1) % n)

        for t in [spawn(philosopher, i, name=f"p{i}") for i in range(n)]:
            t.join()

    return main


@each(VARIANTS)
def test_a_cycle_of_mutexes_is_named_link_by_link(v: Variant) -> None:
    forks = [Mutex(f"fork{i}") for i in range(3)]
    with pytest.raises(Deadlock) as caught:
        go(v, ring(lambda i: forks[i].acquire(), lambda i: forks[i].acquire(), 3))
    found = {w.thread: (w.waits_for, w.holders) for w in caught.value.blocked}
    assert found == {
        "main": ("the end of thread 'p0'", ("p0",)),
        "p0": ("Mutex 'fork1'", ("p1",)),
        "p1": ("Mutex 'fork2'", ("p2",)),
        "p2": ("Mutex 'fork0'", ("p0",)),
    }
    cycle = caught.value.cycle
    assert len(cycle) == 4
    assert cycle[0] == cycle[-1]
    assert set(cycle) == {"p0", "p1", "p2"}
    for word in ("main", "fork0", "p1", "cycle"):
        assert word in str(caught.value)


@each(VARIANTS)
def test_a_join_cycle_is_a_deadlock(v: Variant) -> None:
    def main() -> None:
        threads: dict[str, Any] = {}
        ready = Event()

        def joiner(other: str) -> None:
            ready.wait()
            threads[other].join()

        threads["a"] = spawn(joiner, "b", name="a")
        threads["b"] = spawn(joiner, "a", name="b")
        ready.set()

    with pytest.raises(Deadlock) as caught:
        go(v, main)
    assert sorted(caught.value.blocked) == [("a", "the end of thread 'b'", ("b",)), ("b", "the end of thread 'a'", ("a",))]
    assert sorted(set(caught.value.cycle)) == ["a", "b"]


def lost_wake_up() -> None:
    ready = Condition(name="ready")

    def waiter() -> None:
        with ready:
            ready.wait()

    with ready:
        ready.notify()
    spawn(waiter, name="late").join()


LONELY: dict[str, tuple[Callable[[], Any], str, str]] = {
    "lost wake-up": (lost_wake_up, "late", "a notify of Condition 'ready'"),
    "semaphore": (lambda: Semaphore(0, "seats").acquire(), "main", "a permit of Semaphore 'seats'"),
    "event": (lambda: Event("dawn").wait(), "main", "Event 'dawn'"),
    "barrier": (lambda: Barrier(3, name="gate").wait(), "main", "Barrier 'gate' (2 of 3 still to come)"),
}


@each(VARIANTS)
@pytest.mark.parametrize("case", LONELY)
def test_a_wait_that_nobody_can_end_is_a_deadlock_without_holder(v: Variant, case: str) -> None:
    program, thread, waits_for = LONELY[case]
    with pytest.raises(Deadlock) as caught:
        go(v, program)
    assert (thread, waits_for, ()) in caught.value.blocked
    assert caught.value.cycle == []
    assert waits_for in str(caught.value)


@each(VARIANTS)
@pytest.mark.parametrize("verb", ["send", "receive"])
def test_a_channel_with_nobody_at_the_other_end_is_a_deadlock(v: Variant, verb: str) -> None:
    pipe = Channel(name="pipe")
    with pytest.raises(Deadlock) as caught:
        go(v, lambda: pipe.send(1) if verb == "send" else pipe.receive())
    [(thread, waits_for, holders)] = caught.value.blocked
    assert (thread, holders) == ("main", ())
    assert "Channel 'pipe'" in waits_for


@pytest.mark.parametrize("verb", ["send", "receive"])
def test_a_channels_wait_reads_as_english(verb: str) -> None:
    pipe = Channel(name="pipe")
    with pytest.raises(Deadlock) as caught:
        run(lambda: pipe.send(1) if verb == "send" else pipe.receive())
    assert "from of" not in str(caught.value)


@each(VARIANTS)
def test_a_timeout_that_is_still_to_come_is_no_deadlock(v: Variant) -> None:
    never = Event()
    assert result(v, lambda: [t.join() for t in [spawn(never.wait, 0.003), spawn(never.wait, 0.001)]]) == [False, False]


@each(VARIANTS)
def test_a_held_lock_of_an_ended_thread_names_it(v: Variant) -> None:
    lock = Mutex("left")

    def main() -> None:
        spawn(lock.acquire, name="careless").join()
        lock.acquire()

    with pytest.raises(Deadlock) as caught:
        go(v, main)
    assert caught.value.blocked == [("main", "Mutex 'left'", ("careless",))]


# ---- what is left behind


def succeed() -> None:
    for t in [spawn(sched_yield) for _ in range(3)]:
        t.join()


def fail() -> None:
    spawn(Event().wait)
    sched_yield()
    raise ValueError


def fail_elsewhere() -> None:
    spawn(lambda: 1 // 0)


def deadlock() -> None:
    spawn(Event().wait).join()


def main_os_thread_waits() -> bool:
    """Whether the OS thread that called run() is this one, or sleeps: an interrupt finds it where it will be found."""
    main = threading.main_thread().ident
    frame = sys._current_frames()[main or 0]
    return threading.get_ident() == main or frame.f_code.co_filename == threading.__file__


def interrupt() -> None:
    spawn(Event().wait)
    until(main_os_thread_waits)
    os.kill(os.getpid(), signal.SIGINT)
    while True:
        sched_yield()


def interrupt_in_a_thread() -> None:
    spawn(interrupt).join()


def exit_by_system_exit() -> None:
    def leave() -> None:
        sys.exit(3)

    spawn(leave).join()


ENDS: dict[Callable[[], None], type[BaseException] | None] = {
    succeed: None, fail: ValueError, fail_elsewhere: ZeroDivisionError, deadlock: Deadlock, interrupt: KeyboardInterrupt,
    interrupt_in_a_thread: KeyboardInterrupt, exit_by_system_exit: SystemExit,
}  # fmt: skip


@each(VARIANTS)
@pytest.mark.parametrize("program", ENDS, ids=lambda p: p.__name__)
def test_nothing_is_left_behind_however_a_run_ends(v: Variant, program: Callable[[], None]) -> None:
    before, threads = outside(), os_threads()
    error = ENDS[program]
    if error is None:
        go(v, program)
    else:
        with pytest.raises(error):
            go(v, program)
    check_nothing_is_left(before, threads)


def own_handler(signum: int, frame: object) -> None:
    raise AssertionError("the test's own handler was called")


@each(VARIANTS)
@pytest.mark.parametrize("program", [succeed, fail, interrupt], ids=lambda p: p.__name__)
def test_a_users_own_timer_and_handler_survive(v: Variant, program: Callable[[], None]) -> None:
    old = signal.signal(signal.SIGALRM, own_handler)
    signal.setitimer(signal.ITIMER_REAL, 1000, 77)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0123)
    try:
        with contextlib.suppress(ValueError, KeyboardInterrupt):
            go(v, program)
        left, every = signal.getitimer(signal.ITIMER_REAL)
        assert signal.getsignal(signal.SIGALRM) is own_handler
        assert 0 < left <= 1000
        assert every == pytest.approx(77)
        assert sys.getswitchinterval() == pytest.approx(0.0123)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
        sys.setswitchinterval(interval)


@each(VARIANTS)
def test_a_blocked_alarm_is_blocked_again(v: Variant) -> None:
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        go(v, succeed)
        assert signal.SIGALRM in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


@each(tuple(v for v in VARIANTS if v.name in ("cooperative-real", "alarm")))
def test_an_interrupt_while_all_sleep_ends_the_run(v: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The processor idles on the stack of the thread that blocked last, here inside wait(): it is still an interrupt."""
    idle = Machine.idle_until

    def interrupted_idle(self: Machine, when_ns: int) -> None:
        signal.raise_signal(signal.SIGINT)
        idle(self, when_ns)

    changed = Condition(name="changed")

    def waiter() -> None:
        with changed:
            changed.wait()

    def main() -> None:
        spawn(waiter)
        sleep(0.2)
        with changed:
            changed.notify()

    monkeypatch.setattr(Machine, "idle_until", interrupted_idle)
    before, threads = outside(), os_threads()
    with pytest.raises(KeyboardInterrupt):
        go(v, main)
    monkeypatch.undo()
    check_nothing_is_left(before, threads)


@each(VARIANTS)
def test_a_machine_can_run_again(v: Variant) -> None:
    machine = v.make()
    results = []
    for program in (lambda: 1, deadlock, lambda: spawn(lambda: 2).join(), fail, lambda: 3):
        try:
            results.append(run(program, machine, **v.settings).result)
        except (Deadlock, ValueError) as error:
            results.append(type(error).__name__)
    assert results == [1, "Deadlock", 2, "ValueError", 3]


# ---- where a run may stand


def in_another_os_thread(fn: Callable[[], Any]) -> Any:
    """Call fn in a threading.Thread; its result or its exception."""
    box: list[Any] = []

    def body() -> None:
        try:
            box.append(fn())
        except BaseException as error:
            box.append(error)

    t = threading.Thread(target=body)
    t.start()
    t.join(30)
    return box[0]


@each(tuple(v for v in VARIANTS if v.alarm))
def test_an_alarm_off_the_main_thread_is_refused_with_a_remedy(v: Variant) -> None:
    before, threads = outside(), os_threads()
    error = in_another_os_thread(lambda: go(v, succeed))
    assert isinstance(error, LabError)
    for word in ("main thread", "timeslice_points", "pthread"):
        assert word in str(error)
    check_nothing_is_left(before, threads)


@each(tuple(v for v in VARIANTS if not v.alarm))
def test_machines_without_an_alarm_work_off_the_main_thread(v: Variant) -> None:
    before, threads = outside(), os_threads()
    assert in_another_os_thread(lambda: result(v, lambda: [t.join() for t in [spawn(lambda: 1), spawn(lambda: 2)]])) == [1, 2]
    check_nothing_is_left(before, threads)


@each(VARIANTS)
@pytest.mark.parametrize("inner", ["cooperative", "preemptive", "pthread"])
def test_a_run_inside_a_run_is_refused_and_harms_nothing(v: Variant, inner: str) -> None:
    def try_it() -> str:
        with pytest.raises(NestedRun, match=r"spawn\(\)"):
            run(lambda: 1, inner)
        return "refused"

    assert result(v, lambda: (try_it(), spawn(try_it).join(), spawn(lambda: 7).join())) == ("refused", "refused", 7)


NESTED_ON_ITSELF = """
from labkit import run, spawn
from labkit.errors import NestedRun
from labkit.machines import Cooperative, Preemptive, Pthread

machine = {machine}

def main():
    try:
        run(lambda: 1, machine)
    except NestedRun:
        return spawn(lambda: "unharmed").join()

print(run(main, machine).result)
"""


@pytest.mark.parametrize("machine", ["Cooperative()", "Preemptive()", "Pthread('baton')", "Pthread('free')"])
def test_a_run_on_the_machine_that_is_running_is_refused_and_harms_nothing(machine: str) -> None:
    code = NESTED_ON_ITSELF.format(machine=machine)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=5, check=False)
    assert (done.stdout, done.stderr) == ("unharmed\n", "")


@each(VARIANTS)
def test_a_run_beside_a_run_is_refused_and_harms_nothing(v: Variant) -> None:
    def main() -> tuple[Any, int]:
        return in_another_os_thread(lambda: run(lambda: 1)), spawn(lambda: 7).join()

    error, seven = result(v, main)
    assert isinstance(error, NestedRun)
    assert seven == 7


@pytest.mark.parametrize("verb", [sched_yield, now, current_thread, lambda: sleep(1), lambda: burn(1), lambda: spawn(print)])
def test_a_verb_outside_of_a_run_says_to_use_run(verb: Callable[[], Any]) -> None:
    with pytest.raises(NotInRun, match=r"run\(main\)"):
        verb()


@each(VARIANTS)
def test_join_after_a_good_run_gives_the_result(v: Variant) -> None:
    kept: list[Any] = []
    go(v, lambda: kept.append(spawn(lambda: 1)))
    assert kept[0].join() == 1


@each(VARIANTS)
def test_join_after_a_deadlock_never_raises_what_a_student_cannot_know(v: Variant) -> None:
    kept: list[Any] = []

    def main() -> None:
        kept.append(spawn(Event().wait))
        kept[0].join()

    with pytest.raises(Deadlock):
        go(v, main)
    told = None
    with contextlib.suppress(LabError):
        told = kept[0].join()
    assert told is None


@each(VARIANTS)
@pytest.mark.parametrize("same_machine", [True, False])
def test_a_thread_of_another_run_cannot_be_joined(v: Variant, same_machine: bool) -> None:
    kept: list[Any] = []
    machine = v.make()
    run(lambda: kept.append(spawn(lambda: 1)), machine, **v.settings)
    with pytest.raises(LabError, match="another run"):
        run(kept[0].join, machine if same_machine else v.make(), **v.settings)


# ---- the watchdog


STUCK = tuple(v for v in VARIANTS if v.name in ("cooperative", "cooperative-real", "points-2", "baton", "baton-points-1"))


def never_yields() -> None:
    while True:
        pass


@each(STUCK)
def test_the_watchdog_names_the_thread_that_never_yields_and_its_line(v: Variant) -> None:
    machine = v.make()
    machine.watchdog_s = 0.1
    before, threads = outside(), os_threads()
    with pytest.raises(NeverYields) as caught:
        run(lambda: spawn(never_yields, name="hog").join(), machine, **v.settings)
    for word in ("'hog'", "never_yields()", "line ", "sched_yield()"):
        assert word in str(caught.value)
    check_nothing_is_left(before, threads)


def test_the_watchdog_guards_a_preemptive_machine_whose_policy_never_preempts() -> None:
    deadline = threading.Event()

    def hog() -> None:
        # Ends by itself after many ticks, so that a machine without a watchdog fails this test instead of hanging it.
        start = now()
        while now() - start < 1.5:
            pass
        deadline.set()

    with pytest.raises(NeverYields, match="'hog'"):
        run(lambda: spawn(hog, name="hog").join(), Preemptive(watchdog_s=0.1), "fifo", timeslice_ms=1)
    assert not deadline.is_set()


def test_a_program_that_yields_is_left_alone_by_the_watchdog() -> None:
    def main() -> str:
        start = now()
        while now() - start < 0.2:
            sched_yield()
        return "done"

    assert run(main, Cooperative("real", watchdog_s=0.05)).result == "done"


# ---- pthreads


def test_pthread_tids_are_the_operating_systems() -> None:
    def main() -> list[tuple[int, int]]:
        return [t.join() for t in [spawn(lambda: (current_thread().tid, threading.get_native_id())) for _ in range(3)]]

    for mode in ("free", "baton"):
        tids = run(main, Pthread(mode)).result
        assert all(ours == theirs for ours, theirs in tids)
        assert len(set(tids)) == 3


@pytest.mark.requires("linux")
@pytest.mark.parametrize("mode", ["free", "baton"])
def test_pthread_attributes_are_set_and_read_back(mode: str) -> None:
    cpu = min(os.sched_getaffinity(0))

    def main() -> Any:
        def body() -> tuple[str, set[int]]:
            with open(f"/proc/self/task/{threading.get_native_id()}/comm", encoding="ascii") as comm:
                return comm.read().strip(), os.sched_getaffinity(0)

        t = spawn(body, name="a-rather-long-name", stack_bytes=1 << 19, guard_bytes=1 << 13, cpus=[cpu])
        return t.join(), t.attributes

    (comm, cpus), attributes = run(main, Pthread(mode)).result
    assert comm == "a-rather-long-n"
    assert cpus == {cpu} == set(attributes["cpus"])
    # The C library may hand out a larger stack that it has kept from an ended thread.
    assert attributes["stack_bytes"] + attributes["guard_bytes"] >= 1 << 19
    assert attributes["guard_bytes"] > 0


@pytest.mark.parametrize("mode", ["free", "baton"])
@pytest.mark.parametrize(("wish", "says"), [({"stack_bytes": 1}, "stack_bytes=1"), ({"cpus": [99999]}, "no CPU 99999")])
def test_a_pthread_that_the_system_refuses_is_an_error_that_names_the_wish(mode: str, wish: dict[str, Any], says: str) -> None:
    before, threads = outside(), os_threads()
    with pytest.raises(LabError, match=says):
        run(lambda: spawn(lambda: None, **wish), Pthread(mode))
    check_nothing_is_left(before, threads)


def test_free_pthreads_really_run_while_another_is_in_c() -> None:
    """A thread inside C code without the GIL does not stop the others: what N:1 threads cannot do."""

    def main() -> str:
        read_end, write_end = os.pipe()
        try:
            t = spawn(os.read, read_end, 1)
            os.write(write_end, b"x")
            return str(t.join().decode())
        finally:
            os.close(read_end)
            os.close(write_end)

    assert run(main, "pthread").result == "x"


@each(VARIANTS)
def test_timeouts_that_never_end_leave_no_wait_behind(v: Variant) -> None:
    go_on = Event()

    def main() -> bool:
        t = spawn(go_on.wait, LONG)
        until(blocked(t))
        go_on.set()
        return bool(t.join())

    made = go(v, main)
    assert made.result is True
    if v.virtual:
        assert made.trace.end_ns < LONG * 1e9
