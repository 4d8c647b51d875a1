"""Workqueues and kthread_worker: once pending, flush, cancel, order, and the kworkers behind them."""

from __future__ import annotations

from typing import Any

from labkit.simkernel import (
    INIT_WORK,
    PF_WQ_WORKER,
    TASK_IDLE,
    WQ_HIGHPRI,
    WQ_MEM_RECLAIM,
    WQ_UNBOUND,
    alloc_ordered_workqueue,
    alloc_workqueue,
    cancel_delayed_work_sync,
    cancel_work_sync,
    current,
    delayed_work,
    destroy_workqueue,
    dmesg,
    flush_work,
    flush_workqueue,
    jiffies,
    kthread_cancel_work_sync,
    kthread_create_worker,
    kthread_delayed_work,
    kthread_destroy_worker,
    kthread_flush_work,
    kthread_flush_worker,
    kthread_queue_delayed_work,
    kthread_queue_work,
    kthread_work,
    mod_delayed_work,
    msleep,
    queue_work,
    schedule_delayed_work,
    schedule_work,
    schedule_work_on,
    system_highpri_wq,
    system_unbound_wq,
    system_wq,
    task_list,
    the_kernel,
    work_struct,
)
from tests.labkit.simkernel.machines import everywhere, result


@everywhere
def test_a_pending_work_is_not_queued_again(on: str) -> None:
    def init() -> Any:
        log: list[int] = []
        blocker = work_struct(lambda w: msleep(10))
        work = work_struct(lambda w: log.append(1))
        wq = alloc_ordered_workqueue("wq", 0)
        queue_work(wq, blocker)
        answers = [queue_work(wq, work) for _ in range(3)]
        flush_workqueue(wq)
        first = list(log)
        again = queue_work(wq, work)
        flush_work(work)
        return answers, first, again, flush_work(work), log

    assert result(on, init) == ([True, False, False], [1], True, False, [1, 1])


@everywhere
def test_a_work_that_runs_may_queue_itself_and_never_runs_twice_at_a_time(on: str) -> None:
    def init() -> Any:
        log: list[Any] = []

        def again(work: Any) -> None:
            log.append(("begin", len(log)))
            if len(log) < 5:
                queue_work(system_unbound_wq, work)
            msleep(5)
            log.append(("end", len(log)))

        work = work_struct(again)
        queue_work(system_unbound_wq, work)
        msleep(100)
        return [word for word, _ in log]

    assert result(on, init) == ["begin", "end"] * 3


@everywhere
def test_flush_waits_for_what_is_queued_and_not_for_what_it_queues_anew(on: str) -> None:
    def init() -> Any:
        log: list[int] = []

        def forever(work: Any) -> None:
            log.append(1)
            msleep(5)
            schedule_work(work)

        work = work_struct(forever)
        schedule_work(work)
        flush_work(work)
        first = len(log)
        running = cancel_work_sync(work) in (True, False)
        count = len(log)
        msleep(50)
        return first, running, len(log) == count

    assert result(on, init) == (1, True, True)


@everywhere
def test_an_ordered_queue_does_one_work_at_a_time_in_order(on: str) -> None:
    def init() -> Any:
        wq, log = alloc_ordered_workqueue("wq", 0), []
        works = [work_struct(lambda w, i=i: (msleep(5 * (3 - i)), log.append(i))) for i in range(3)]
        for work in works:
            queue_work(wq, work)
        destroy_workqueue(wq)
        return log

    assert result(on, init) == [0, 1, 2]


@everywhere
def test_an_unbound_queue_does_all_at_once(on: str) -> None:
    def init() -> Any:
        log: list[Any] = []
        works = [work_struct(lambda w, i=i: (msleep(8 * (3 - i)), log.append((i, current().comm)))) for i in range(3)]
        for work in works:
            queue_work(system_unbound_wq, work)
        flush_workqueue(system_unbound_wq)
        return [i for i, _ in log], len({comm for _, comm in log}), all(comm.startswith("kworker/u2:") for _, comm in log)

    assert result(on, init) == ([2, 1, 0], 3, True)


@everywhere
def test_a_cpus_pool_starts_the_next_work_when_one_sleeps(on: str) -> None:
    def init() -> Any:
        log: list[Any] = []
        one = work_struct(lambda w: (log.append(("one", current().comm)), msleep(10), log.append(("end", ""))))
        two = work_struct(lambda w: log.append(("two", current().comm)))
        schedule_work(one)
        schedule_work(two)
        flush_workqueue(system_wq)
        return log

    assert result(on, init) == [("one", "kworker/0:0"), ("two", "kworker/0:1"), ("end", "")]


@everywhere
def test_kworkers_are_named_after_cpu_number_and_queue(on: str) -> None:
    """2.1.7 and kernel/workqueue.c: kworker/N:M, N:MH urgent, uP:M unbound; + while it works, - afterwards; idle is I."""

    def init() -> Any:
        names: list[str] = []
        work = work_struct(lambda w: names.append(current().name))
        schedule_work_on(1, work)
        flush_work(work)
        queue_work(system_highpri_wq, work)
        flush_work(work)
        queue_work(system_unbound_wq, work)
        flush_work(work)
        msleep(10)
        idle = [t for t in task_list() if t.name == "kworker/1:0-events"]
        kworker = the_kernel().tasks[idle[0].pid]
        return names, idle[0].state, kworker.state, bool(kworker.flags & PF_WQ_WORKER), kworker.cpus, kworker.mm

    names = ["kworker/1:0+events", "kworker/0:0H+events_highpri", "kworker/u4:0+events_unbound"]
    assert result(on, init, cpus=2) == (names, "I", TASK_IDLE, True, (1,), None)


@everywhere
def test_delayed_work_waits_its_ticks_and_can_be_moved_and_taken_back(on: str) -> None:
    def init() -> Any:
        log: list[int] = []
        work = delayed_work(lambda w: log.append(jiffies() - begin))
        begin = jiffies()
        answers = schedule_delayed_work(work, 5), schedule_delayed_work(work, 1)
        msleep(50)
        begin = jiffies()
        schedule_delayed_work(work, 50)
        moved = mod_delayed_work(system_wq, work, 2)
        msleep(50)
        schedule_delayed_work(work, 5)
        taken = cancel_delayed_work_sync(work)
        msleep(50)
        return answers, log, moved, taken

    assert result(on, init) == ((True, False), [5, 2], True, True)


@everywhere
def test_a_queue_for_memory_reclaim_has_a_rescuer_of_its_name(on: str) -> None:
    def init() -> Any:
        wq = alloc_workqueue("my_queue", WQ_MEM_RECLAIM | WQ_HIGHPRI, 0)
        msleep(5)
        here = [(t.state, t.prio, hex(t.flags)) for t in task_list() if t.name == "my_queue"]
        destroy_workqueue(wq)
        return here, [t.name for t in task_list() if t.name == "my_queue"], alloc_workqueue("q%d", WQ_UNBOUND, 1, 4).name

    assert result(on, init) == ([("I", 100, "0x4208060")], [], "q4")


@everywhere
def test_init_work_makes_a_work_usable(on: str) -> None:
    def init() -> Any:
        work, log = work_struct(), []
        INIT_WORK(work, lambda w: log.append(1))
        schedule_work(work)
        flush_work(work)
        return log

    assert result(on, init) == [1]


# ---- kthread_worker (2.1.9)


@everywhere
def test_a_kthread_worker_does_its_works_in_order(on: str) -> None:
    def init() -> Any:
        worker, log = kthread_create_worker(0, "kw/%d", 3), []
        works = [kthread_work(lambda w: (log.append((w.data, current().comm)), msleep(4)), i) for i in range(3)]
        answers = [kthread_queue_work(worker, w) for w in works] + [kthread_queue_work(worker, works[2])]
        kthread_flush_worker(worker)
        kthread_destroy_worker(worker)
        return answers, log

    assert result(on, init) == ([True, True, True, False], [(i, "kw/3") for i in range(3)])


@everywhere
def test_flush_and_cancel_of_a_kthread_work(on: str) -> None:
    def init() -> Any:
        worker, log = kthread_create_worker(0, "kw"), []
        slow = kthread_work(lambda w: (msleep(10), log.append("slow")))
        other = kthread_work(lambda w: log.append("other"))
        kthread_queue_work(worker, slow)
        kthread_queue_work(worker, other)
        msleep(3)
        cancelled = kthread_cancel_work_sync(other)
        kthread_flush_work(slow)
        late = kthread_delayed_work(lambda w: log.append("late"))
        answers = kthread_queue_delayed_work(worker, late, 3), kthread_queue_delayed_work(worker, late, 3)
        msleep(30)
        kthread_destroy_worker(worker)
        return cancelled, log, answers

    assert result(on, init) == (True, ["slow", "late"], (True, False))


@everywhere
def test_a_kthread_work_belongs_to_one_worker(on: str) -> None:
    """Seen on 6.1.192: a warning in kthread_insert_work."""

    def init() -> Any:
        one, two = kthread_create_worker(0, "one"), kthread_create_worker(0, "two")
        work = kthread_work(lambda w: None)
        kthread_queue_work(one, work)
        kthread_flush_work(work)
        kthread_queue_work(two, work)
        return "at kernel/kthread.c:? kthread_insert_work" in dmesg()

    assert result(on, init) is True
