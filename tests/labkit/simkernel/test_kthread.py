"""The life of a kthread, fact by fact of Linux 6.1 (syllabus 2.1)."""

from __future__ import annotations

from typing import Any

import pytest

from labkit import Deadlock, run
from labkit.simkernel import (
    DECLARE_WAIT_QUEUE_HEAD,
    EINTR,
    ENOMEM,
    ERESTARTSYS,
    ERR_PTR,
    IS_ERR,
    PF_KTHREAD,
    PTR_ERR,
    TASK_DEAD,
    TASK_UNINTERRUPTIBLE,
    Module,
    Oops,
    boot,
    current,
    dmesg,
    get_task_struct,
    kthread_bind,
    kthread_create,
    kthread_create_on_cpu,
    kthread_run,
    kthread_should_stop,
    kthread_stop,
    msleep,
    program,
    put_task_struct,
    signal_pending,
    the_kernel,
    wait_event_interruptible,
    wake_up_process,
)
from tests.labkit.simkernel.machines import everywhere, result


def worker(data: Any) -> Any:
    """Works until it is told to stop; returns what it was given."""
    while not kthread_should_stop():
        msleep(5)
    return data


@everywhere
def test_a_created_kthread_is_stopped_and_a_child_of_kthreadd(on: str) -> None:
    """2.1.1, 2.1.2: state 2, prio 120, SCHED_NORMAL, all CPUs; the creator was insmod, the parent is pid 2."""

    def init() -> Any:
        ran: list[int] = []
        task = kthread_create(ran.append, 1, "idle/%d", 7)
        msleep(20)
        seen = (task.state, task.comm, task.prio, task.policy, task.cpus, task.real_parent.pid, task.ppid, current().comm, ran)
        return seen, kthread_stop(task)

    expected = (TASK_UNINTERRUPTIBLE, "idle/7", 120, 0, (0, 1), 2, 2, "insmod", [])
    assert result(on, init, cpus=2) == (expected, -EINTR)


@everywhere
def test_a_kthread_has_no_mm_and_its_own_group(on: str) -> None:
    """2.1.7: pid = tgid, mm NULL, active_mm borrowed, flags 0x00208040."""

    def init() -> Any:
        task = kthread_run(worker, 0, "w")
        seen = task.pid == task.tgid, task.mm, task.active_mm is not None, task.flags, current().mm is not None
        kthread_stop(task)
        return seen

    assert result(on, init) == (True, None, True, 0x00208040, True)


@everywhere
def test_comm_is_cut_to_15_characters_and_the_full_name_is_kept(on: str) -> None:
    """2.1.6."""
    name = "a_very_long_kernel_thread_name_4_me"

    def init() -> Any:
        task = kthread_create(worker, 0, name)
        seen = task.comm, task.name
        kthread_stop(task)
        return seen

    assert result(on, init) == ("a_very_long_ker", name)


@everywhere
def test_stop_of_a_kthread_that_was_never_woken_is_eintr(on: str) -> None:
    """2.1.4: threadfn is not called."""

    def init() -> Any:
        ran: list[int] = []
        return kthread_stop(kthread_create(ran.append, 1, "w")), ran

    assert result(on, init) == (-EINTR, [])


@everywhere
def test_stop_gives_what_threadfn_returned(on: str) -> None:
    """2.1.4: normal: 7 → 7."""

    def init() -> Any:
        task = kthread_run(worker, 7, "w")
        msleep(20)
        return kthread_stop(task)

    assert result(on, init) == 7


def test_run_and_stop_at_once_has_both_outcomes() -> None:
    """2.1.4: threadfn may never be entered, though it was woken: which of the two depends on the schedule alone."""
    entered: list[int] = []

    def fn(data: Any) -> int:
        entered.append(1)
        return 7

    def init() -> Any:
        entered.clear()
        result = kthread_stop(kthread_run(fn, None, "w"))
        return result, bool(entered)

    seen = {run(program(init), "preemptive", timeslice_points=n).result for n in range(1, 30)}
    assert seen == {(-EINTR, False), (7, True)}


@everywhere
def test_a_kthread_that_returned_by_itself_keeps_its_value_for_who_holds_a_reference(on: str) -> None:
    """2.1.4: TASK_DEAD, exit_state 16, then kthread_stop returns the value."""

    def init() -> Any:
        task = kthread_create(lambda data: 42, None, "w")
        get_task_struct(task)
        wake_up_process(task)
        msleep(20)
        seen = task.state, task.exit_state, kthread_stop(task), task.freed
        put_task_struct(task)
        return seen, task.freed, dmesg()

    assert result(on, init) == ((TASK_DEAD, 16, 42, False), True, "")


@everywhere
def test_stop_without_a_reference_is_a_use_after_free_and_reported(on: str) -> None:
    """2.1.4: the memory was given back; its reference count says so."""

    def init() -> Any:
        task = kthread_run(lambda data: 42, None, "w")
        msleep(20)
        kthread_stop(task)
        return "refcount_t: addition on 0; use-after-free." in dmesg(), len(the_kernel().unseen)

    assert result(on, init) == (True, 1)


def test_stop_of_memory_that_another_task_has_by_now_is_an_oops() -> None:
    """Seen on 6.1.192: rmmod itself got the memory, to_kthread() warned, and rmmod was killed."""
    gone: list[Any] = []

    def init() -> None:
        gone.append(kthread_run(lambda data: 5, None, "gone"))

    told = boot().run_module(Module("lab", init, lambda: kthread_stop(gone[0])))
    assert (told.insmod_rc, told.rmmod_rc, told.oopsed, told.panicked) == (0, 137, True, False)
    text = told.dmesg.dmesg("-t")
    assert "WARNING: CPU: 0 PID: 101 at kernel/kthread.c:? kthread_stop" in text
    assert "BUG: kernel NULL pointer dereference" in text


@everywhere
def test_a_second_stop_waits_for_ever(on: str) -> None:
    """kernel/kthread.c: `exited` is completed once."""

    def init() -> Any:
        task = get_task_struct(kthread_run(worker, 1, "w"))
        kthread_stop(task)
        kthread_stop(task)

    with pytest.raises(Deadlock, match="the end of task 'w'"):
        result(on, init)


@everywhere
@pytest.mark.parametrize(("version", "expected"), [("6.1", (-ERESTARTSYS, True)), ("5.10", "slept on")])
def test_stop_throws_a_kthread_out_of_an_interruptible_sleep(on: str, version: str, expected: Any) -> None:
    """2.1.4: from 6.1 the wait returns -512 and signal_pending is 1; before, it slept on."""
    wq = DECLARE_WAIT_QUEUE_HEAD("never")

    def sleeper(data: Any) -> Any:
        return wait_event_interruptible(wq, lambda: False), signal_pending(current())

    def init() -> Any:
        task = kthread_run(sleeper, None, "w")
        msleep(20)
        return kthread_stop(task)

    if version == "6.1":
        assert result(on, init, version=version) == expected
    else:
        with pytest.raises(Deadlock):
            result(on, init, version=version)


@everywhere
def test_a_failed_create_is_an_err_ptr_and_never_null(on: str) -> None:
    """2.1.1: `if (!t)` does not see it."""

    def init() -> Any:
        the_kernel().fail("kthread_create", -ENOMEM)
        task = kthread_create(worker, 0, "w")
        return bool(task), IS_ERR(task), PTR_ERR(task), task == ERR_PTR(-ENOMEM)

    assert result(on, init) == (True, True, -ENOMEM, True)


@everywhere
def test_the_use_of_an_err_ptr_is_an_oops(on: str) -> None:
    with pytest.raises(Oops, match="NULL pointer dereference"):
        result(on, lambda: wake_up_process(ERR_PTR(-ENOMEM)))


@everywhere
def test_wake_up_process_tells_whether_the_task_slept(on: str) -> None:
    def init() -> Any:
        task = kthread_create(worker, 0, "w")
        first = wake_up_process(task)
        return first, kthread_stop(task) in (0, -EINTR)

    assert result(on, init) == (1, True)


@everywhere
def test_a_bound_kthread_may_run_on_one_cpu(on: str) -> None:
    def init() -> Any:
        one, two = kthread_create(worker, 0, "one"), kthread_create_on_cpu(worker, 0, 2, "two/%u")
        kthread_bind(one, 3)
        seen = one.cpus, two.cpus, two.comm, bool(two.flags & PF_KTHREAD)
        return seen, kthread_stop(one), kthread_stop(two)

    assert result(on, init, cpus=4) == (((3,), (2,), "two/2", True), -EINTR, -EINTR)


def test_a_mistake_in_python_ends_the_run_with_its_own_error() -> None:
    def init() -> None:
        kthread_run(lambda data: 1 // 0, None, "w")
        wait_event_interruptible(DECLARE_WAIT_QUEUE_HEAD("never"), lambda: False)

    with pytest.raises(ZeroDivisionError) as caught:
        run(program(init))
    assert caught.value.__notes__[0] == "raised in task 'w'"


def test_nothing_of_a_kernel_survives_its_run() -> None:
    def init() -> list[int]:
        kthread_run(worker, 0, "left")
        return sorted(the_kernel().tasks)

    assert run(program(init)).result == run(program(init)).result == [1, 2, 99, 100]


@everywhere
def test_who_is_no_kthread_and_asks_whether_to_stop_is_told_where_to_ask(on: str) -> None:
    with pytest.raises(Oops, match=r"NULL pointer dereference.*'insmod' is no kthread; call it in the function"):
        result(on, kthread_should_stop)
