"""Programs of the simulated kernel are explored as all others: every order of a kthread's life and of what it shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit import explore, replay
from labkit.explore.verdict import Verdict
from labkit.simkernel import (
    DEFINE_MUTEX,
    TASK_INTERRUPTIBLE,
    TASK_RUNNING,
    TASK_UNINTERRUPTIBLE,
    cond_resched,
    get_task_struct,
    kthread_run,
    kthread_should_stop,
    kthread_stop,
    mutex_lock,
    mutex_unlock,
    pr_info,
    program,
    put_task_struct,
    schedule,
    set_current_state,
    wait_event,
    wait_queue_head_t,
    wake_up,
    wake_up_process,
)

LOCK = DEFINE_MUTEX("counter")
total = 0


def until_stopped() -> int:
    """What a kthread does that has nothing to do."""
    while True:
        set_current_state(TASK_INTERRUPTIBLE)
        if kthread_should_stop():
            break
        schedule()
    set_current_state(TASK_RUNNING)
    return 7


def explored(init: Callable[[], Any], **settings: Any) -> Verdict:
    """Explore what insmod would call."""
    return explore(program(init, **settings))


def test_a_kthread_that_is_stopped_at_once_has_run_or_was_never_entered() -> None:
    def init() -> tuple[int, int]:
        entered: list[int] = []

        def threadfn(data: Any) -> int:
            entered.append(1)
            return until_stopped()

        return kthread_stop(kthread_run(threadfn, None, "worker")), len(entered)

    verdict = explored(init)
    assert verdict.passed
    assert set(verdict.outcomes) == {(-4, 0), (7, 1)}


def waiter(init_flag: bool) -> Callable[[], int]:
    """A kthread that sleeps until a flag is set; it says so after its test, or before."""

    def init() -> int:
        flag = [False]

        def tests_first(data: Any) -> int:
            while not flag[0]:
                set_current_state(TASK_UNINTERRUPTIBLE)
                schedule()
            set_current_state(TASK_RUNNING)
            return 0

        def says_first(data: Any) -> int:
            while True:
                set_current_state(TASK_UNINTERRUPTIBLE)
                if flag[0]:
                    break
                schedule()
            set_current_state(TASK_RUNNING)
            return 0

        task = get_task_struct(kthread_run(says_first if init_flag else tests_first, None, "waiter"))
        flag[0] = True
        wake_up_process(task)
        result: int = kthread_stop(task)
        put_task_struct(task)
        return result

    return init


def test_a_wake_up_is_lost_if_the_state_is_set_after_the_test() -> None:
    verdict = explored(waiter(init_flag=False), version="6.0")
    assert {f.kind for f in verdict.failures} == {"deadlock"}
    assert "check-then-act" in str(verdict.explain())
    again = replay(program(waiter(init_flag=False), version="6.0"), verdict.failures[0].schedule)
    assert again.failure is not None
    assert again.failure.kind == "deadlock"


def test_no_wake_up_is_lost_if_the_state_is_set_before_the_test() -> None:
    verdict = explored(waiter(init_flag=True), version="6.0")
    assert verdict.passed
    assert set(verdict.outcomes) == {0, -4}


def test_a_wake_up_by_kthread_stop_is_lost_in_the_same_way() -> None:
    """The flag that is tested is the kernel's own: its operations touch more than the thing they are named after."""

    def init() -> int:
        def threadfn(data: Any) -> int:
            while not kthread_should_stop():
                set_current_state(TASK_UNINTERRUPTIBLE)
                schedule()
            return 0

        result: int = kthread_stop(kthread_run(threadfn, None, "worker"))
        return result

    verdict = explored(init, version="6.0")
    assert [f.kind for f in verdict.failures] == ["deadlock"]
    assert set(verdict.outcomes) > {0, -4}


def test_a_kthread_that_never_asks_whether_to_stop_never_ends() -> None:
    def sleeps(data: Any) -> int:
        while True:
            set_current_state(TASK_INTERRUPTIBLE)
            schedule()

    def runs(data: Any) -> int:
        while True:
            cond_resched()

    def stop(threadfn: Callable[[Any], int]) -> Callable[[], int]:
        return lambda: kthread_stop(kthread_run(threadfn, None, "worker"))

    assert [f.kind for f in explored(stop(sleeps), version="6.0").failures] == ["deadlock"]
    assert [f.kind for f in explored(stop(sleeps)).failures] == ["livelock"]
    assert [f.kind for f in explored(stop(runs)).failures] == ["livelock"]


def test_producer_and_consumer_with_wait_event_pass() -> None:
    def init() -> tuple[int, int]:
        wq, box, got = wait_queue_head_t("wq"), [], []

        def consumer(data: Any) -> int:
            wait_event(wq, lambda: box)
            got.append(box.pop())
            return 5

        task = get_task_struct(kthread_run(consumer, None, "consumer"))
        box.append(3)
        wake_up(wq)
        result = kthread_stop(task)
        put_task_struct(task)
        return result, len(got)

    verdict = explored(init)
    assert verdict.passed
    assert set(verdict.outcomes) == {(5, 1), (-4, 0)}


def test_a_consumer_that_waits_for_what_never_comes_cannot_be_stopped() -> None:
    def init() -> int:
        wq = wait_queue_head_t("wq")

        def consumer(data: Any) -> int:
            wait_event(wq, lambda: False)
            return 5

        result: int = kthread_stop(kthread_run(consumer, None, "consumer"))
        return result

    verdict = explored(init)
    assert {f.kind for f in verdict.failures} == {"deadlock"}
    assert "wait queue 'wq'" in verdict.failures[0].text


def add(data: Any) -> int:
    """Add to a global, without a lock."""
    global total
    total += 1
    return until_stopped()


def add_locked(data: Any) -> int:
    """Add to a global, under the mutex."""
    global total
    mutex_lock(LOCK)
    total += 1
    mutex_unlock(LOCK)
    return until_stopped()


def counter(threadfn: Callable[[Any], int]) -> Callable[[], int]:
    """Main and a kthread, a function of the module, add to a global."""

    def init() -> int:
        global total
        task = kthread_run(threadfn, None, "adder")
        if threadfn is add_locked:
            mutex_lock(LOCK)
            total += 1
            mutex_unlock(LOCK)
        else:
            total += 1
        entered = kthread_stop(task) == 7
        return total - entered

    return init


def test_functions_of_a_module_are_observed_and_a_lost_update_is_seen() -> None:
    assert set(explored(counter(add)).outcomes) == {1, 0}
    assert total == 0


def test_a_mutex_made_before_covers_it_and_is_free_again_in_each_run() -> None:
    verdict = explored(counter(add_locked))
    assert verdict.passed
    assert set(verdict.outcomes) == {1}
    assert LOCK.owner is None


def test_what_a_kthread_raises_is_a_failure_and_what_it_prints_is_no_obstacle() -> None:
    def init() -> int:
        def threadfn(data: Any) -> int:
            pr_info("here\n")
            assert data == 1
            return 0

        result: int = kthread_stop(kthread_run(threadfn, 2, "worker"))
        return result

    verdict = explored(init)
    assert "assertion" in {f.kind for f in verdict.failures}
    assert not verdict.unseen


def test_an_attribute_of_the_kernels_own_things_proves_nothing() -> None:
    def init() -> int:
        task = kthread_run(lambda data: until_stopped(), None, "worker")
        state: int = task.state
        kthread_stop(task)
        return state

    verdict = explored(init)
    assert not verdict.passed
    assert [u.what for u in verdict.unseen] == [".state of a task_struct"]
