"""Modules: loading, unloading, and what is left in memory that is no longer there (syllabus 2.1.8)."""

from __future__ import annotations

from typing import Any

import pytest

from labkit.errors import LabError
from labkit.simkernel import (
    DEFINE_SPINLOCK,
    EBUSY,
    EEXIST,
    ENOENT,
    EWOULDBLOCK,
    THIS_MODULE,
    Module,
    boot,
    dmesg,
    dump_stack,
    insmod,
    jiffies,
    kthread_complete_and_exit,
    kthread_create,
    kthread_park,
    kthread_run,
    kthread_should_stop,
    kthread_stop,
    mod_timer,
    msleep,
    panic,
    pr_info,
    preempt_disable,
    preempt_enable,
    read_proc,
    rmmod,
    sched_set_fifo,
    schedule_work,
    spin_lock,
    timer_list,
    try_module_get,
    udelay,
    wait_event,
    wait_queue_head_t,
    wake_up_process,
    work_struct,
)
from tests.labkit.simkernel.machines import everywhere, result

WORKER = """
task = None

def worker(data):
    n = 0
    while not kthread_should_stop():
        n += 1
        msleep(50)
    pr_info("worker: %d turns\\n", n)
    return n

def start():
    global task
    task = kthread_run(worker, None, "worker/%d", 0)
    return 0

def stop():
    pr_info("stopped: %d\\n", kthread_stop(task))

module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
"""


def test_a_module_is_loaded_works_and_is_unloaded() -> None:
    told = boot().run_module(WORKER)
    assert (told.insmod_rc, told.rmmod_rc, told.panicked, told.oopsed, told.left_behind) == (0, 0, False, False, [])
    task = told.task("worker/0")
    assert (task.pid, task.ppid, task.state, task.kthread, task.mm) == (100, 2, "D", True, False)
    assert told.stack("worker/0") == ["msleep+0x?/0x?", "worker+0x?/0x? [lab]", "kthread+0x?/0x?", "ret_from_fork+0x?/0x?"]
    assert [r.text for r in told.dmesg[-2:]] == ["worker: 7 turns", "stopped: 7"]


def test_the_same_seed_gives_the_same_run() -> None:
    one, two = boot().run_module(WORKER, seed=5), boot().run_module(WORKER, seed=5)
    assert str(one) == str(two)
    assert one.trace.raw == two.trace.raw


def test_rmmod_with_a_live_kthread_succeeds_and_ends_in_an_oops() -> None:
    """The module's reference count is 0; the text is that of 6.1.192; the system lives on."""

    def init() -> int:
        kthread_run(lambda data: [msleep(50) for _ in range(100)], None, "living")
        return 0

    told = boot().run_module(Module("lab", init, lambda: 0))
    assert (told.insmod_rc, told.rmmod_rc, told.oopsed, told.panicked) == (0, 0, True, False)
    assert [task.name for task in told.left_behind] == ["living"]
    assert told.dmesg.dmesg("-t").splitlines() == [
        "lab: loading out-of-tree module taints kernel.",
        "lab: module verification failed: signature and/or required key missing - tainting kernel",
        "BUG: unable to handle page fault for address: 0x?",
        "#PF: supervisor instruction fetch in kernel mode",
        "#PF: error_code(0x0010) - not-present page",
        "Oops: 0010 [#1] PREEMPT SMP NOPTI",
        "CPU: 0 PID: 100 Comm: living Tainted: G           OE      6.1.0-simkernel #1",
        "Hardware name: labkit simkernel",
        "RIP: 0010:0x?",
        "Call Trace:",
        " <TASK>",
        " ? kthread+0x?/0x?",
        " ? ret_from_fork+0x?/0x?",
        " </TASK>",
        "Modules linked in: [last unloaded: lab(OE)]",
        "CR2: 0x?",
        "---[ end trace 0000000000000000 ]---",
        "RIP: 0010:0x?",
        "note: living[100] exited with irqs disabled",
    ]


def test_kthread_complete_and_exit_does_not_go_back_to_the_module() -> None:
    def init() -> int:
        kthread_run(lambda data: kthread_complete_and_exit(None, 0), None, "clean")
        return 0

    told = boot().run_module(Module("lab", init, lambda: 0))
    assert (told.rmmod_rc, told.oopsed, told.left_behind) == (0, False, [])


@everywhere
def test_insmod_and_rmmod_give_errnos(on: str) -> None:
    def init() -> Any:
        good, bad, stays = Module("m", lambda: 0, lambda: 0), Module("bad", lambda: -EBUSY), Module("stays", lambda: 0)
        loaded = insmod(good), insmod(good), insmod(bad), insmod(stays)
        return loaded, rmmod("m"), rmmod("m"), rmmod("stays")

    assert result(on, init) == ((0, -EEXIST, -EBUSY, 0), 0, -ENOENT, -EBUSY)


@everywhere
def test_a_referenced_module_is_not_unloaded(on: str) -> None:
    def init() -> Any:
        held: list[Any] = []
        insmod(Module("m", lambda: (held.append(THIS_MODULE()), 0)[1], lambda: 0))
        return try_module_get(held[0]), rmmod("m")

    assert result(on, init) == (True, -EWOULDBLOCK)


def test_init_that_returns_a_positive_number_is_suspicious() -> None:
    text = boot().run_module(lambda: 7).dmesg.dmesg("-t")
    assert "do_init_module: 'lab'->init suspiciously returned 7, it should follow 0/-E convention" in text
    assert "do_init_module: loading module anyway..." in text


@everywhere
def test_the_license_decides_which_functions_there_are(on: str) -> None:
    def init() -> Any:
        uses = Module("m", lambda: kthread_park(None), license="Proprietary")
        return insmod(uses), insmod(Module("n", lambda: 0, license="")), dmesg("-t").splitlines()

    assert result(on, init) == (
        -ENOENT,
        0,
        [
            "m: Unknown symbol kthread_park (err -2)",
            "n: loading out-of-tree module taints kernel.",
            "n: module license 'unspecified' taints kernel.",
            "Disabling lock debugging due to kernel taint",
            "n: module verification failed: signature and/or required key missing - tainting kernel",
        ],
    )


def test_init_that_never_returns_is_stuck() -> None:
    def init() -> None:
        while True:
            msleep(1000)

    told = boot().run_module(init, limit_s=3)
    assert (told.stuck, told.insmod_rc, told.rmmod_rc) == ("insmod", None, None)


def test_the_text_of_a_module_must_be_python() -> None:
    with pytest.raises(LabError, match=r"module lab cannot be read: SyntaxError"):
        boot().run_module("static int x;")


def test_a_printing_module_is_heard() -> None:
    told = boot().run_module(Module("lab", lambda: pr_info("hello %d\n", 3) and 0, lambda: 0))
    assert told.dmesg[-1].text == "hello 3"


def test_what_begins_at_a_moment_is_no_load_before_it() -> None:
    """A sample that was due at 5.004 s, before rmmod began, does not count rmmod."""
    loads: list[str] = []
    module = Module("lab", init=lambda: 0, exit=lambda: loads.append(read_proc("/proc/loadavg").split()[0]))
    boot().run_module(module, wait_s=6.0)
    assert loads == ["0.00"]


def test_after_insmod_died_rmmod_fails() -> None:
    told = boot().run_module(lambda: wake_up_process(None))
    assert (told.insmod_rc, told.rmmod_rc) == (137, 1)


def test_of_a_panic_nobody_is_left_to_tell() -> None:
    told = boot().run_module(Module("lab", init=lambda: 0, exit=lambda: panic("no more")))
    assert told.panicked
    assert (told.insmod_rc, told.rmmod_rc, told.tasks, told.left_behind) == (None, None, [], [])


def test_a_call_trace_names_functions_of_the_kernel_only() -> None:
    """A condition is part of the function that waits; helpers of the simkernel and comprehensions have no frame."""
    queue = wait_queue_head_t("queue")

    def shown() -> bool:
        dump_stack()
        return True

    def init() -> int:
        wait_event(queue, lambda: [shown() for _ in range(1)])
        return 0

    texts = [record.text for record in boot().run_module(init).dmesg]
    assert [text.strip().partition("+")[0] for text in texts if "+0x" in text] == [
        "dump_stack_lvl", "shown", "init", "do_one_initcall", "do_init_module", "__do_sys_finit_module", "do_syscall_64",
        "entry_SYSCALL_64_after_hwframe",
    ]  # fmt: skip


def test_an_init_that_keeps_a_spinlock_is_told_off() -> None:
    lock = DEFINE_SPINLOCK("lock")

    def init() -> int:
        spin_lock(lock)
        return 0

    told = boot().run_module(init)
    texts = [record.text for record in told.dmesg]
    assert "initcall init+0x?/0x? [lab] returned with preemption imbalance " in texts
    assert (told.insmod_rc, told.rmmod_rc) == (0, 0)


def test_a_work_and_a_timer_of_a_module_that_is_gone_are_faults() -> None:
    work = work_struct(lambda work: msleep(100))
    told = boot().run_module(Module("lab", lambda: 0, lambda: schedule_work(work)), wait_s=0.0)
    assert told.oopsed
    assert not told.panicked
    assert "Workqueue: events 0x?" in [record.text for record in told.dmesg]

    timer = timer_list(lambda timer: None)
    told = boot().run_module(Module("lab", lambda: 0, lambda: mod_timer(timer, jiffies() + 8)), wait_s=0.0)
    assert told.oopsed
    assert told.panicked
    assert "RIP: 0010:__run_timers+0x?/0x?" in [record.text for record in told.dmesg]


def test_the_pool_goes_on_when_a_kworker_has_died() -> None:
    done: list[str] = []
    bad, good = work_struct(lambda work: wake_up_process(None)), work_struct(lambda work: done.append("good"))

    def init() -> int:
        schedule_work(bad)
        schedule_work(good)
        msleep(20)
        return 0

    assert boot().run_module(init).oopsed
    assert done == ["good"]


def test_a_real_time_kthread_goes_first_and_leaves_the_others_a_little() -> None:
    said: list[str] = []

    def work(data: str) -> int:
        said.append(data)
        while not kthread_should_stop():
            udelay(100)
        return 0

    tasks: list[Any] = []

    def init() -> int:
        tasks.extend(kthread_create(work, name, name) for name in ("usual", "fifo"))
        sched_set_fifo(tasks[1])
        preempt_disable()
        for task in tasks:
            wake_up_process(task)
        preempt_enable()
        return 0

    told = boot().run_module(Module("lab", init, lambda: [kthread_stop(task) for task in tasks]), wait_s=0.02)
    assert said == ["fifo", "usual"]
    assert (told.insmod_rc, told.rmmod_rc, told.left_behind) == (0, 0, [])
