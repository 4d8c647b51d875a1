"""What a task is, seen from outside: the lines of /proc that tell a kthread from a process.

Both kernels, the pretend one and the real one, hand out TaskInfo, so that a lesson compares like with like. The numbers
are those of include/linux/sched.h in Linux 6.1; the state words those of fs/proc/array.c.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from labkit.errors import LabError

PF_IDLE: Final = 0x00000002
"""The task is an idle task: pid 0, one on each CPU."""
PF_EXITING: Final = 0x00000004
"""On its way out."""
PF_IO_WORKER: Final = 0x00000010
"""An io_uring worker: runs kernel code only, and yet is a thread of a user's process."""
PF_WQ_WORKER: Final = 0x00000020
"""A kworker: runs the work of work queues."""
PF_FORKNOEXEC: Final = 0x00000040
"""Was forked and has not called exec."""
PF_SIGNALED: Final = 0x00000400
"""Killed by a signal."""
PF_NOFREEZE: Final = 0x00008000
"""Not frozen before suspend."""
PF_KSWAPD: Final = 0x00020000
"""kswapd, which frees memory."""
PF_KTHREAD: Final = 0x00200000
"""A kthread: the one sure mark of it."""
PF_RANDOMIZE: Final = 0x00400000
"""Its addresses are randomized; user programs have it, kthreads not."""
PF_NO_SETAFFINITY: Final = 0x04000000
"""Bound to its CPUs: user space may not move it."""

TASK_RUNNING: Final = 0x0000
TASK_INTERRUPTIBLE: Final = 0x0001
TASK_UNINTERRUPTIBLE: Final = 0x0002
EXIT_DEAD: Final = 0x0010
EXIT_ZOMBIE: Final = 0x0020
TASK_PARKED: Final = 0x0040
TASK_DEAD: Final = 0x0080
TASK_WAKEKILL: Final = 0x0100
TASK_NOLOAD: Final = 0x0400
TASK_NEW: Final = 0x0800
TASK_KILLABLE: Final = TASK_WAKEKILL | TASK_UNINTERRUPTIBLE
TASK_IDLE: Final = TASK_UNINTERRUPTIBLE | TASK_NOLOAD
"""Asleep, not to be interrupted, and not counted in the load average: the `I` of ps."""

TASK_COMM_LEN: Final = 16
"""Bytes of task_struct.comm, its NUL included: 15 characters of a name are left."""
MAX_RT_PRIO: Final = 100
"""/proc/PID/stat shows prio minus this: 20 for the usual 120 (include/linux/sched/prio.h)."""

STATE_WORDS: Final = {
    "R": "running",
    "S": "sleeping",
    "D": "disk sleep",
    "T": "stopped",
    "t": "tracing stop",
    "X": "dead",
    "Z": "zombie",
    "P": "parked",
    "I": "idle",
}
"""The letter of a state and the word beside it in /proc/PID/status."""


@dataclass(frozen=True)
class TaskInfo:
    """One task as it was at one moment.

    Attributes:
        pid, tgid, ppid: numbers; ppid 0 for the first two, init and kthreadd, whose parent is the boot CPU's idle task.
        comm: its name in task_struct, at most 15 characters.
        name: its full name; /proc shows it for kthreads since Linux 5.17.
        state: a letter of STATE_WORDS.
        flags: PF_ bits.
        mm: it has an address space of its own; a kthread has none.
        prio: the kernel's priority, 120 for a usual task, below 100 for real time.
        cpus: the CPUs it may run on, as a list: "0-1".
        cmdline: its arguments; empty for a kthread.
        wchan: the kernel function it sleeps in, or "0".
        stack: its kernel stack, innermost function first.
    """

    pid: int
    tgid: int
    ppid: int
    comm: str
    name: str = ""
    state: str = "S"
    flags: int = 0
    mm: bool = False
    prio: int = 120
    cpus: str = "0"
    cmdline: str = ""
    wchan: str = "0"
    stack: list[str] = field(default_factory=list)

    @property
    def kthread(self) -> bool:
        """It was made by the kthread interface: PF_KTHREAD says so, its name does not."""
        return bool(self.flags & PF_KTHREAD)

    @property
    def state_text(self) -> str:
        """Letter and word, as /proc/PID/status prints them."""
        return f"{self.state} ({STATE_WORDS[self.state]})"


class Stat(NamedTuple):
    """What is read of /proc/PID/stat; `rest` are all its fields after the name, field 3 first, as text."""

    pid: int
    name: str
    state: str
    ppid: int
    flags: int
    prio: int
    nice: int
    processor: int
    rest: tuple[str, ...]


def parse_stat(text: str) -> Stat:
    """The one line of /proc/PID/stat. The name may hold spaces and brackets: it ends at the last ')'.

    Raises:
        LabError: the text is no such line.
    """
    pid, opened, after = text.partition(" (")
    name, closed, numbers = after.rpartition(")")
    rest = tuple(numbers.split())
    if not (opened and closed and len(rest) >= 37 and pid.isdecimal()):
        raise LabError(f"this is no /proc/PID/stat line: {text[:60]!r}; one looks like 2 (kthreadd) S 0 0 0 …")
    prio = int(rest[15]) + MAX_RT_PRIO
    return Stat(int(pid), name, rest[0], int(rest[1]), int(rest[6]), prio, int(rest[16]), int(rest[36]), rest)


def parse_status(text: str) -> dict[str, str]:
    """The lines of /proc/PID/status by their names; in the task's own name, the escapes are undone.

    Raises:
        LabError: a line is not "Key: value".
    """
    found: dict[str, str] = {}
    for line in filter(None, text.split("\n")):
        key, colon, value = line.partition(":")
        if not colon:
            raise LabError(f"this is no line of /proc/PID/status: {line[:60]!r}; one looks like State:\tS (sleeping)")
        found[key] = _unescape(value.removeprefix("\t")) if key == "Name" else value.strip()
    return found


def read_task(stat: str, status: str, comm: str | None = None, cmdline: str = "", wchan: str = "0", stack: str = "") -> TaskInfo:
    """A task from the text of its files in /proc/PID; comm is that file's where the kernel cuts it, else cut here."""
    numbers, words = parse_stat(stat), parse_status(status)
    return TaskInfo(
        pid=numbers.pid,
        tgid=int(words["Tgid"]),
        ppid=numbers.ppid,
        comm=cut_comm(numbers.name if comm is None else comm.removesuffix("\n")),
        name=numbers.name,
        state=numbers.state,
        flags=numbers.flags,
        mm="VmSize" in words,
        prio=numbers.prio,
        cpus=words.get("Cpus_allowed_list", "0"),
        cmdline=cmdline.rstrip("\0").replace("\0", " "),
        wchan=wchan.strip() or "0",
        stack=[line.rpartition("] ")[2].strip() for line in stack.splitlines() if line.strip()],
    )


def format_stat(task: TaskInfo) -> str:
    """The task as /proc/PID/stat; fields that TaskInfo does not know are 0."""
    fields = ["0"] * 50
    fields[0], fields[1], fields[6] = task.state, str(task.ppid), str(task.flags)
    fields[15], fields[17] = str(task.prio - MAX_RT_PRIO), "1"
    return f"{task.pid} ({task.name or task.comm}) {' '.join(fields)}\n"


def format_status(task: TaskInfo) -> str:
    """The task as the first and the telling lines of /proc/PID/status; one without mm has no Vm lines."""
    pairs = [
        ("Name", _escape(task.name or task.comm)),
        ("State", task.state_text),
        ("Tgid", str(task.tgid)),
        ("Pid", str(task.pid)),
        ("PPid", str(task.ppid)),
        *([("VmSize", "    1024 kB")] if task.mm else []),
        ("Threads", "1"),
        ("Cpus_allowed_list", task.cpus),
    ]
    return "".join(f"{key}:\t{value}\n" for key, value in pairs)


def cut_comm(name: str) -> str:
    """A name as task_struct.comm holds it: its first 15 bytes."""
    return name.encode("utf-8", "surrogateescape")[: TASK_COMM_LEN - 1].decode("utf-8", "surrogateescape")


def children(tasks: Iterable[TaskInfo]) -> dict[int, list[TaskInfo]]:
    """Each pid's children, by pid; under 0 stand the first two, init and kthreadd, and whoever's parent is not listed."""
    listed = sorted(tasks, key=lambda task: task.pid)
    pids = {task.pid for task in listed}
    family: dict[int, list[TaskInfo]] = defaultdict(list)
    for task in listed:
        family[task.ppid if task.ppid in pids else 0].append(task)
    return dict(family)


def task_tree(tasks: Iterable[TaskInfo]) -> str:
    """The forest of tasks as text, children indented under their parents; kthreads in brackets, as ps writes them."""
    family = children(tasks)
    lines: list[str] = []

    def grow(pid: int, depth: int) -> None:
        for task in family.get(pid, ()):
            name = f"[{task.name or task.comm}]" if task.kthread else task.name or task.comm
            lines.append(f"{'  ' * depth}{task.pid} {task.state} {name}\n")
            if task.pid != 0:
                grow(task.pid, depth + 1)

    grow(0, 0)
    return "".join(lines)


def _escape(name: str) -> str:
    r"""A newline and a backslash in a name would break the lines of status: \n and \\ (fs/proc/array.c)."""
    return name.replace("\\", "\\\\").replace("\n", "\\n")


def _unescape(name: str) -> str:
    return "\\".join(part.replace("\\n", "\n") for part in name.split("\\\\"))
