"""/proc, as text: what a shell would read about a task of the simulated kernel.

The fields and their order are those of fs/proc/array.c in 6.1. Fields that a simulation has no number for are 0.
"""

from __future__ import annotations

from typing import Any, Final

from labkit.errors import LabError
from labkit.simkernel.backtrace import SCHED_FUNCTIONS, offset
from labkit.simkernel.errptr import ENOENT
from labkit.simkernel.task import Kernel, task_struct, the_kernel
from labkit.simkernel.usual import watch_hung_tasks
from labkit.taskinfo import (
    EXIT_DEAD,
    EXIT_ZOMBIE,
    PF_KTHREAD,
    STATE_WORDS,
    TASK_IDLE,
    TASK_INTERRUPTIBLE,
    TASK_PARKED,
    TASK_RUNNING,
    TASK_UNINTERRUPTIBLE,
    TaskInfo,
)
from labkit.thread import BLOCKED

FULL_CAPS: Final = "000001ffffffffff"


def state_letter(task: task_struct) -> str:
    """R, S, D, I, P, X or Z: the state as ps shows it."""
    if task.exit_state:
        return "X" if task.exit_state == EXIT_DEAD else "Z" if task.exit_state == EXIT_ZOMBIE else "X"
    if task.state == TASK_RUNNING:
        return "R"
    if task.state & TASK_IDLE == TASK_IDLE:
        return "I"
    if task.state & TASK_UNINTERRUPTIBLE:
        return "D"
    return "P" if task.state & TASK_PARKED else "S" if task.state & TASK_INTERRUPTIBLE else "R"


def cpu_list(cpus: tuple[int, ...]) -> str:
    """CPU numbers as a list with ranges.

    >>> cpu_list((0, 1, 2, 5))
    '0-2,5'
    """
    parts: list[list[int]] = []
    for cpu in sorted(cpus):
        if parts and parts[-1][-1] == cpu - 1:
            parts[-1].append(cpu)
        else:
            parts.append([cpu])
    return ",".join(f"{p[0]}-{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts)


def stack_of(task: task_struct) -> list[str]:
    """The functions a sleeping task is in, innermost first; nothing for one that runs."""
    asleep = task.thread is None or task.thread.state == BLOCKED
    return [name for name in task.stack if name not in SCHED_FUNCTIONS] if asleep and task.state != TASK_RUNNING else []


def wchan(task: task_struct) -> str:
    """/proc/PID/wchan: the function a task sleeps in; 0 for one that does not."""
    return next(iter(stack_of(task)), "0").partition(" ")[0]


def comm(task: task_struct) -> str:
    """/proc/PID/comm: the name in full, for a kthread."""
    return f"{task.name}\n"


def cmdline(task: task_struct) -> str:
    """/proc/PID/cmdline: the arguments, each with a NUL behind it; empty for a kthread."""
    return "" if task.mm is None else f"{task.full_name}\0"


def stack(task: task_struct) -> str:
    """/proc/PID/stack. Offsets are a placeholder: the simulation has no machine code."""
    return "".join(f"[<0>] {offset(name)}\n" for name in stack_of(task))


def stat(task: task_struct) -> str:
    """/proc/PID/stat: 52 numbers in one line, the name in brackets."""
    nice = task.prio - 120 if task.policy == 0 else 0
    ignored = 2147483647 if task.flags & PF_KTHREAD else 0
    priority = task.prio - 100
    wait = 1 if wchan(task) != "0" else 0
    head = f"{task.pid} ({task.name}) {state_letter(task)} {task.ppid} 0 0 0 -1 {task.flags}"
    ticks = task.start_us // 10_000  # USER_HZ is 100
    middle = f"0 0 0 0 0 0 0 0 {priority} {nice} 1 0 {ticks} 0 0 18446744073709551615 0 0 0 0 0 0 0 {ignored} 0 {wait} 0 0 17"
    rt_priority = 99 - task.prio if task.policy else 0
    return f"{head} {middle} {task.cpu} {rt_priority} {task.policy} 0 0 0 0 0 0 0 0 0 0 {task.exit_code}\n"


def status(task: task_struct) -> str:
    """/proc/PID/status. A task without mm has no Vm lines."""
    letter = state_letter(task)
    kthread = bool(task.flags & PF_KTHREAD)
    name = task.name.replace("\\", "\\\\").replace("\n", "\\n")
    mask = sum(1 << cpu for cpu in task.cpus)
    zero = "0" * 16
    lines = [
        f"Name:\t{name}", "Umask:\t0022", f"State:\t{letter} ({STATE_WORDS[letter]})",
        f"Tgid:\t{task.tgid}", "Ngid:\t0", f"Pid:\t{task.pid}", f"PPid:\t{task.ppid}", "TracerPid:\t0", "Uid:\t0\t0\t0\t0",
        "Gid:\t0\t0\t0\t0", "FDSize:\t64", "Groups:\t ", f"NStgid:\t{task.tgid}", f"NSpid:\t{task.pid}", "NSpgid:\t0",
        "NSsid:\t0", *(["VmSize:\t    4412 kB", "VmRSS:\t     872 kB"] if task.mm else []), "Threads:\t1", "SigQ:\t0/943",
        f"SigPnd:\t{zero}", f"ShdPnd:\t{zero}", f"SigBlk:\t{zero}", f"SigIgn:\t{'f' * 16 if kthread else zero}",
        f"SigCgt:\t{zero}", f"CapInh:\t{zero}", f"CapPrm:\t{FULL_CAPS}", f"CapEff:\t{FULL_CAPS}", f"CapBnd:\t{FULL_CAPS}",
        f"CapAmb:\t{zero}", "NoNewPrivs:\t0", "Seccomp:\t0", "Seccomp_filters:\t0", f"Cpus_allowed:\t{mask:x}",
        f"Cpus_allowed_list:\t{cpu_list(task.cpus)}", f"Mems_allowed:\t{'00000000,' * 31}00000001", "Mems_allowed_list:\t0",
        f"voluntary_ctxt_switches:\t{task.switches}", "nonvoluntary_ctxt_switches:\t0",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


FILES: Final = {"stat": stat, "status": status, "comm": comm, "cmdline": cmdline, "stack": stack, "wchan": wchan}


def loadavg(kernel: Kernel) -> str:
    """/proc/loadavg: the three averages, runnable/all tasks, the last pid given out."""
    runnable = sum(state_letter(task) == "R" for task in kernel.tasks.values())
    return f"{kernel.load.text()} {runnable}/{len(kernel.tasks)} {kernel.last_pid}\n"


def read_proc(path: str) -> str:
    """The text of a file below /proc.

    Raises:
        LabError: there is no such file.
    """
    kernel = the_kernel()
    words = path.removeprefix("/proc/").strip("/").split("/")
    if words == ["loadavg"]:
        return loadavg(kernel)
    if words == ["uptime"]:
        return f"{kernel.now_us() / 1e6:.2f} 0.00\n"
    if words == ["sys", "kernel", "printk"]:
        log: Any = kernel.log
        return str(log.sysctl())
    if words == ["sys", "kernel", "hung_task_timeout_secs"]:
        return f"{kernel.hung_task_timeout_secs}\n"
    pid = str(_self()) if words[0] == "self" else words[0]
    task = kernel.tasks.get(int(pid)) if pid.isdecimal() else None
    if task is None or len(words) != 2 or words[1] not in FILES:
        raise LabError(f"{path}: no such file in the simkernel's /proc (errno {ENOENT}); there are "
                       f"/proc/loadavg, /proc/uptime, /proc/sys/kernel/{{printk,hung_task_timeout_secs}} and "
                       f"/proc/PID/{{{','.join(FILES)}}}")  # fmt: skip
    return FILES[words[1]](task)


def write_proc(path: str, text: str) -> None:
    """Write to a file below /proc/sys: kernel/hung_task_timeout_secs, how long khungtaskd lets a task sleep; 0 is for ever.

    Raises:
        LabError: it cannot be written to, or takes a number and was given none.
    """
    kernel = the_kernel()
    if path != "/proc/sys/kernel/hung_task_timeout_secs":
        raise LabError(f"{path}: the simkernel lets nobody write there; there is /proc/sys/kernel/hung_task_timeout_secs")
    if not text.strip().isdecimal():
        raise LabError(f"{path}: takes a number of seconds, 0 or more, not {text!r}")
    if "hung" not in kernel.rooms:
        watch_hung_tasks(kernel)
    kernel.rooms["hung"].set_timeout(int(text))


def task_info(task: task_struct) -> TaskInfo:
    """The task as both kernels tell it."""
    return TaskInfo(
        pid=task.pid, tgid=task.tgid, ppid=task.ppid, comm=task.comm, name=task.name, state=state_letter(task),
        flags=task.flags, mm=task.mm is not None, prio=task.prio, cpus=cpu_list(task.cpus),
        cmdline=cmdline(task).rstrip("\0").replace("\0", " "), wchan=wchan(task), stack=[offset(name) for name in stack_of(task)],
    )  # fmt: skip


def task_list() -> list[TaskInfo]:
    """Every task, in the order of pids: what `ps` would show."""
    return [task_info(task) for _, task in sorted(the_kernel().tasks.items())]


def _self() -> int:
    from labkit.simkernel.task import current

    return current().pid
