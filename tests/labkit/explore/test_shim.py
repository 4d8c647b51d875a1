"""Code written with the names of threading and queue is explored as the same program with labkit's names is."""

from __future__ import annotations

import queue
import re
import threading
import threading as t
import time
from collections.abc import Callable
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import Any

import pytest

import labkit
from labkit import Barrier, Condition, Event, Mutex, Semaphore, explore, replay, spawn
from labkit.errors import LabError

Program = Callable[[], Any]
GATE = threading.Lock()
ROOM = threading.Condition()
SEATS = threading.BoundedSemaphore(2)
MAIL: queue.Queue[int] = queue.Queue()
OWN_PLACE = threading.local()
HELD = threading.Lock()
BORN_EARLY = threading.Thread(target=print)
total = 0


def standard(*threads: Thread) -> None:
    """Start them and wait for them."""
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def ours(*works: Callable[[], Any]) -> None:
    """The same with labkit's names."""
    for thread in [spawn(work) for work in works]:
        thread.join()


def bank_standard() -> int:
    accounts = [100, 100, 100]

    def transfer(a: int, b: int) -> None:
        if accounts[a] >= 10:
            accounts[a] -= 10
            accounts[b] += 10

    standard(*(Thread(target=transfer, args=(i, (i + 1) % 3)) for i in range(3)))
    return sum(accounts)


def bank_ours() -> int:
    accounts = [100, 100, 100]

    def transfer(a: int, b: int) -> None:
        if accounts[a] >= 10:
            accounts[a] -= 10
            accounts[b] += 10

    threads = [spawn(transfer, i, (i + 1) % 3) for i in range(3)]
    for thread in threads:
        thread.join()
    return sum(accounts)


def philosophers_standard() -> None:
    forks = [Lock() for _ in range(3)]

    def dine(i: int) -> None:
        with forks[i], forks[(i + 1) % 3]:
            pass

    standard(*(Thread(target=dine, args=(i,)) for i in range(3)))


def philosophers_ours() -> None:
    forks = [Mutex() for _ in range(3)]

    def dine(i: int) -> None:
        with forks[i], forks[(i + 1) % 3]:
            pass

    threads = [spawn(dine, i) for i in range(3)]
    for thread in threads:
        thread.join()


def lost_standard() -> str:
    ready = threading.Condition()

    def sleeper() -> None:
        with ready:
            ready.wait()

    def caller() -> None:
        with ready:
            ready.notify()

    standard(Thread(target=sleeper), Thread(target=caller))
    return "woken"


def lost_ours() -> str:
    ready = Condition()

    def sleeper() -> None:
        with ready:
            ready.wait()

    def caller() -> None:
        with ready:
            ready.notify()

    ours(sleeper, caller)
    return "woken"


def meeting_standard() -> int:
    gate, came = threading.Barrier(2), []

    def meet() -> None:
        came.append(1)
        gate.wait()
        assert len(came) == 2

    standard(Thread(target=meet), Thread(target=meet))
    return len(came)


def meeting_ours() -> int:
    gate, came = Barrier(2), []

    def meet() -> None:
        came.append(1)
        gate.wait()
        assert len(came) == 2

    ours(meet, meet)
    return len(came)


def signals_standard() -> list[int]:
    go, seats, seen = threading.Event(), threading.Semaphore(1), []

    def guest() -> None:
        go.wait()
        with seats:
            seen.append(len(seen))

    standard(Thread(target=guest), Thread(target=guest), Thread(target=go.set))
    return seen


def signals_ours() -> list[int]:
    go, seats, seen = Event(), Semaphore(1), []

    def guest() -> None:
        go.wait()
        with seats:
            seen.append(len(seen))

    ours(guest, guest, go.set)
    return seen


@pytest.mark.parametrize(
    ("theirs", "mine", "runs"),
    [
        (bank_standard, bank_ours, 61),
        (philosophers_standard, philosophers_ours, 7),
        (lost_standard, lost_ours, 2),
        (meeting_standard, meeting_ours, None),
        (signals_standard, signals_ours, None),
    ],
)
def test_counts_are_those_of_the_same_program_with_labkits_names(theirs: Program, mine: Program, runs: int | None) -> None:
    a, b = explore(theirs, machine="threading"), explore(mine)
    assert (a.runs, a.failing, a.interleavings) == (b.runs, b.failing, b.interleavings)
    assert [f.kind for f in a.failures] == [f.kind for f in b.failures]
    assert [f.schedule for f in a.failures] == [f.schedule for f in b.failures]
    assert not a.unseen
    assert a.exhausted
    assert runs is None or a.runs == runs


def test_an_explanation_names_the_locks_as_the_student_does() -> None:
    theirs, mine = explore(philosophers_standard, machine="threading"), explore(philosophers_ours)
    told = [re.sub(r"\d\d+", "_", str(v.explain())) for v in (theirs, mine)]
    assert told[0] == told[1]
    assert "'forks[1]'" in theirs.failures[0].text
    assert theirs.failures[0].error.cycle == mine.failures[0].error.cycle  # type: ignore[attr-defined]


def test_a_schedule_leads_to_the_same_failure_again() -> None:
    verdict = explore(philosophers_standard, machine="threading")
    again = replay(philosophers_standard, verdict.failures[0].schedule, machine="threading")
    assert again.failure is not None
    assert again.failure.kind == "deadlock"
    assert replay(bank_standard, "A*5 B*5 C*5", machine="threading").result == 300


def test_a_schedule_can_be_followed_by_who_never_explored() -> None:
    def main() -> int:
        box = [0]

        def add() -> None:
            box[0] += 1

        standard(Thread(target=add), Thread(target=add))
        return box[0]

    assert replay(main, "A B A B", machine="threading").result == 1


# ---- queues


def test_a_queue_hands_over_in_order_and_holds_no_more_than_its_size() -> None:
    """Room for one: put and get can only alternate. Room for two: the second put and the first get change places."""

    def program(size: int) -> Program:
        def main() -> list[int]:
            jobs: Queue[int] = Queue(size)
            got: list[int] = []

            def eat() -> None:
                got.extend([jobs.get(), jobs.get()])

            eater = Thread(target=eat)
            eater.start()
            for i in range(2):
                jobs.put(i)
            eater.join()
            return got

        return main

    verdicts = [explore(program(n), machine="threading") for n in (1, 2, 0)]
    assert [v.runs for v in verdicts] == [1, 2, 2]
    assert all(v.passed and len(v.outcomes) == 1 for v in verdicts)
    assert replay(program(1), "", machine="threading").result == [0, 1]


def test_the_queue_decides_what_comes_out_first() -> None:
    def main() -> tuple[list[int], ...]:
        every: tuple[Any, ...] = (queue.Queue(), queue.LifoQueue(), queue.PriorityQueue(), queue.SimpleQueue())
        for q in every:
            for i in (2, 1, 3):
                q.put(i)
        return tuple([q.get() for _ in range(3)] for q in every)

    wanted = ([2, 1, 3], [3, 1, 2], [1, 2, 3], [2, 1, 3])
    assert replay(main, "", machine="threading").result == wanted == main()


def test_full_and_empty_are_what_the_program_catches() -> None:
    def main() -> list[str]:
        q: Queue[int] = Queue(1)
        said = []
        try:
            q.get_nowait()
        except Empty:
            said.append("empty")
        q.put(1)
        try:
            q.put(2, timeout=3)
        except queue.Full:
            said.append("full")
        return [*said, str(q.qsize()), str(q.full()), str(q.empty())]

    verdict = explore(main, machine="threading")
    assert verdict.passed
    assert replay(main, "", machine="threading").result == ["empty", "full", "1", "True", "False"]
    assert issubclass(Full, Exception)


def test_daemons_may_wait_for_work_for_ever_and_join_waits_until_it_is_done() -> None:
    def main() -> list[int]:
        jobs: Queue[int] = Queue()
        done: list[int] = []

        def worker() -> None:
            while True:
                done.append(jobs.get())
                jobs.task_done()

        for _ in range(2):
            Thread(target=worker, daemon=True).start()
        for i in range(2):
            jobs.put(i)
        jobs.join()
        return sorted(done)

    verdict = explore(main, machine="threading")
    assert verdict.passed
    assert len(verdict.outcomes) == 1


def test_a_job_that_is_not_marked_done_is_a_deadlock() -> None:
    def main() -> None:
        jobs: Queue[int] = Queue()
        jobs.put(1)
        Thread(target=jobs.get, daemon=True).start()
        jobs.join()

    verdict = explore(main, machine="threading")
    assert verdict.failures[0].kind == "deadlock"
    assert "waits until all is done of jobs (line" in str(verdict.explain())


# ---- threads


class Worker(threading.Thread):
    """A thread with a method run()."""

    def __init__(self, box: list[int], **more: Any) -> None:
        super().__init__(**more)
        self.box = box
        self.lock = threading.Lock()

    def run(self) -> None:
        self.box[0] += 1


def test_a_class_that_derives_from_thread_is_explored_and_given_back() -> None:
    def main() -> int:
        box = [0]
        standard(Worker(box), Worker(box))
        return box[0]

    verdict = explore(main, machine="threading")
    assert verdict.outcomes == {2: 2, 1: 2}
    assert Worker.__bases__ == (threading.Thread,)
    assert isinstance(Worker([0]), threading.Thread)


def test_a_class_inside_main_that_calls_threads_init_by_name_works_too() -> None:
    def main() -> list[str]:
        names = []

        class Mine(t.Thread):
            def __init__(self) -> None:
                t.Thread.__init__(self, name="mine")

            def run(self) -> None:
                names.append(t.current_thread().name)
                assert t.current_thread() is self
                assert isinstance(self, t.Thread)

        standard(Mine())
        return [*names, t.main_thread().name]

    assert explore(main, machine="threading").passed
    assert replay(main, "", machine="threading").result == ["mine", "MainThread"]


def test_what_a_thread_raises_is_a_failure_and_join_keeps_silent() -> None:
    def main() -> str:
        def fail() -> None:
            raise ValueError("broken")

        standard(Thread(target=fail))
        return "went on"

    verdict = explore(main, machine="threading")
    assert [f.kind for f in verdict.failures] == ["exception"]
    assert "broken" in verdict.failures[0].text


def test_is_alive_and_a_join_with_timeout_see_both() -> None:
    def main() -> tuple[bool, bool]:
        def nothing() -> None:
            pass

        a = Thread(target=nothing)
        a.start()
        first = a.is_alive()
        a.join(timeout=0.1)
        return first, a.is_alive()

    assert set(explore(main, machine="threading").outcomes) == {(True, True), (True, False), (False, False)}


def test_a_timer_may_be_cancelled_in_time_or_not() -> None:
    def main() -> int:
        rang: list[int] = []
        timer = threading.Timer(1.0, rang.append, [1])
        timer.start()
        timer.cancel()
        timer.join()
        return len(rang)

    assert set(explore(main, machine="threading").outcomes) == {0, 1}


def test_each_thread_has_its_own_local() -> None:
    def main() -> list[str]:
        here = threading.local()
        seen = []

        def work(me: str) -> None:
            here.me = me
            time.sleep(0.1)
            seen.append(here.me)

        standard(Thread(target=work, args=("x",)), Thread(target=work, args=("y",)))
        assert not hasattr(here, "me")
        return sorted(seen)

    verdict = explore(main, machine="threading")
    assert verdict.passed
    assert len(verdict.outcomes) == 1
    assert replay(main, "", machine="threading").result == ["x", "y"]


# ---- locks


def test_a_lock_has_no_owner() -> None:
    def main() -> str:
        signal = Lock()
        signal.acquire()
        standard(Thread(target=signal.release), Thread(target=signal.acquire))
        return "let through"

    assert explore(main, machine="threading").passed


def test_a_lock_taken_twice_by_one_thread_is_a_deadlock_and_a_free_one_cannot_be_released() -> None:
    def twice() -> None:
        lock = Lock()
        with lock, lock:
            pass

    def free() -> None:
        Lock().release()

    assert explore(twice, machine="threading").failures[0].kind == "deadlock"
    assert "release unlocked lock" in explore(free, machine="threading").failures[0].text


def test_errors_are_those_that_programs_catch() -> None:
    def main() -> list[str]:
        caught = []
        for wrong, kind in (
            (lambda: t.Semaphore(-1), ValueError),
            (lambda: t.BoundedSemaphore(1).release(), ValueError),
            (lambda: t.Condition().notify(), RuntimeError),
            (lambda: t.RLock().release(), RuntimeError),
            (lambda: t.Barrier(2).wait(0.1), t.BrokenBarrierError),
            (lambda: t.Lock().acquire(False, 1), ValueError),
            (lambda: t.Thread().join(), RuntimeError),
            (lambda: t.current_thread().join(), RuntimeError),
        ):
            try:
                wrong()  # type: ignore[no-untyped-call]
            except kind as error:
                caught.append(type(error).__name__)
        return caught

    assert len(replay(main, "", machine="threading").result) == 8
    assert len(main()) == 8


# ---- things made before


def test_locks_made_before_the_exploration_work() -> None:
    def main() -> int:
        def add() -> None:
            global total
            with GATE, ROOM, SEATS:
                total += 1
                ROOM.notify()
            MAIL.put(1)

        standard(Thread(target=add), Thread(target=add))
        return total + MAIL.qsize()

    verdict = explore(main, machine="threading")
    assert verdict.passed
    assert verdict.outcomes == {4: verdict.runs}
    assert (total, MAIL.qsize(), GATE.locked()) == (0, 0, False)


def test_what_was_in_a_queue_and_in_a_local_is_there_in_each_run() -> None:
    MAIL.put(7)
    OWN_PLACE.word = "mine"
    try:

        def main() -> tuple[int, str, bool]:
            found = []
            standard(Thread(target=lambda: found.append(hasattr(OWN_PLACE, "word"))))
            return MAIL.get(), OWN_PLACE.word, found[0]

        assert set(explore(main, machine="threading").outcomes) == {(7, "mine", False)}
    finally:
        assert MAIL.get_nowait() == 7


def test_locks_made_before_are_called_by_their_name() -> None:
    def main() -> None:
        def first() -> None:
            with GATE, ROOM:
                pass

        def second() -> None:
            with ROOM, GATE:
                pass

        standard(Thread(target=first), Thread(target=second))

    verdict = explore(main, machine="threading")
    assert verdict.runs == 3
    assert "GATE" in verdict.failures[0].text
    assert "GATE" in str(verdict.explain())
    assert "ROOM" in str(verdict.explain())


def test_a_lock_that_is_held_now_is_not_proven_and_the_cure_is_named() -> None:
    def main() -> None:
        with HELD:
            pass

    with HELD:
        verdict = explore(main, machine="threading")
    assert not verdict.passed
    assert verdict.unseen
    assert re.match(r"line \d+: .*inside main\(\)", verdict.stopped)


@pytest.mark.parametrize("early", [BORN_EARLY, Worker([0])])
def test_a_thread_made_before_is_not_proven_and_the_cure_is_named(early: Thread) -> None:
    verdict = explore(early.start, machine="threading")
    assert not verdict.passed
    assert "inside main()" in verdict.stopped


def test_a_class_that_derives_from_a_queue_is_not_proven() -> None:
    class Odd(queue.Queue):  # type: ignore[type-arg]
        def _put(self, item: Any) -> None:
            super()._put(-item)

    def main() -> None:
        Odd().put(1)

    verdict = explore(main, machine="threading")
    assert not verdict.passed
    assert "queue.Queue" in verdict.stopped


# ---- nothing is left behind


def everything() -> list[Any]:
    """The names that a program may use, and what they mean now."""
    parts = ("__init__", "start", "join", "run")
    return [*vars(threading).values(), *vars(queue).values(), *(getattr(threading.Thread, p) for p in parts), time.sleep]


def test_nothing_is_patched_during_or_after() -> None:
    before = everything()

    def main() -> bool:
        standard(Worker([0]))
        return all(a is b for a, b in zip(before, everything(), strict=True))

    assert set(explore(main, machine="threading").outcomes) == {True}
    assert all(a is b for a, b in zip(before, everything(), strict=True))
    assert Worker.__bases__ == (threading.Thread,)


@pytest.mark.parametrize("error", [KeyboardInterrupt, LabError])
def test_all_is_put_back_when_it_is_interrupted(error: type[BaseException]) -> None:
    before = everything()

    def main() -> None:
        standard(Worker([0]), Worker([0]))
        raise error

    verdict = explore(main, machine="threading")
    assert (verdict.stopped == "it was interrupted") == (error is KeyboardInterrupt)
    assert Worker.__bases__ == (threading.Thread,)
    assert all(a is b for a, b in zip(before, everything(), strict=True))
    standard(worker := Worker([0]))
    assert worker.box == [1]


# ---- asking wrongly


def test_an_unknown_machine_is_refused_and_the_choices_are_named() -> None:
    with pytest.raises(LabError, match='machine="threading"'):
        explore(bank_standard, machine="pthread")
    with pytest.raises(LabError, match='machine="threading"'):
        replay(bank_standard, "A", machine="pthread")


def test_without_the_machine_the_standard_names_are_refused_and_the_cure_is_named() -> None:
    verdict = explore(bank_standard)
    assert not verdict.passed
    assert 'machine="threading"' in verdict.stopped


def test_data_races_chances_and_trees_know_the_names_too() -> None:
    verdict = explore(bank_standard, machine="threading", races=True)
    assert any(f.kind == "data_race" for f in verdict.failures)
    verdict = explore(lost_standard, machine="threading")
    assert verdict.chance.runs > 0
    assert verdict.tree() is not None
    assert explore(lost_standard, machine="threading", walk="random", runs=50).failing > 0
    assert labkit.explore is explore
