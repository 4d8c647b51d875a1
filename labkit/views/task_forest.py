"""The task forest: every task under its parent, from PID 0 down, and what makes a kthread one.

Two trees grow under PID 0, the idle task of the boot CPU: init (1) with all programs, and kthreadd (2) with all kthreads.
What a task is, its flags and its address space say; its name, its parent and its command line only hint at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar, Final

from labkit import taskinfo
from labkit.taskinfo import PF_FORKNOEXEC, PF_KTHREAD, PF_NO_SETAFFINITY, PF_NOFREEZE, PF_WQ_WORKER, TaskInfo
from labkit.views.base import AWKWARD, View, count
from labkit.views.still import INK, clean, cut, label, still

TEXT_TASKS: Final = 100
"""Tasks in the text twin; a bare boot on 2 CPUs has about 55."""

SVG_TASKS: Final = 60
"""Tasks in the still picture, in two columns."""

PAGE_MAX_TASKS: Final = 400
"""Tasks that text/html carries, about 300 bytes each."""

TREE_PX: Final = (240, 420)
"""Least and greatest height of the tree; a taller one scrolls."""

KINDS: Final = {
    "kthread": ("■", "kthread: no address space (mm is NULL)"),
    "user": ("○", "user: has an address space"),
    "lent": ("▣", "kthread with a lent address space (kthread_use_mm)"),
    "bare": ("□", "no kthread and no address space: a zombie, or about to be one"),
}
"""kind → glyph and meaning."""

STATES: Final = {
    "R": "runs, or could run",
    "S": "sleeps until an event or a signal",
    "D": "sleeps, no signal wakes it; counts in the load average",
    "I": "sleeps like D, but does not count in the load average",
    "P": "parked: waits for kthread_unpark",
    "Z": "zombie: ended, its parent has not asked for the result",
    "X": "dead",
    "T": "stopped by a signal",
    "t": "stopped by a debugger",
}
"""The letter of a state and what it means for the task."""

FLAGS: Final = {name: bit for name, bit in vars(taskinfo).items() if name.startswith("PF_")}
"""The flags that labkit knows by name."""


class TaskForest(View):
    """Which task is whose child, which are kthreads, and what each is doing.

    Args:
        tasks: what /proc said of them, in any order.
        title: words above the picture.

    >>> print(TaskForest([TaskInfo(1, 1, 0, "init", mm=True), TaskInfo(2, 2, 0, "kthreadd", flags=PF_KTHREAD)]).text())
    task forest: 2 tasks, 1 kthread
    PID 0
    ├─ 1 S ○ init
    └─ 2 S ■ kthreadd
    <BLANKLINE>
    ■ kthread: no address space (mm is NULL)
    ○ user: has an address space
    """

    name: ClassVar[str] = "task_forest"
    heading: ClassVar[str] = "task forest"

    def __init__(self, tasks: Iterable[TaskInfo], title: str = "") -> None:
        super().__init__(title)
        self.tasks = list(tasks)
        self.rows = list(_rows(self.tasks))

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        k = PF_KTHREAD | PF_NOFREEZE | PF_FORKNOEXEC
        bound = k | PF_WQ_WORKER | PF_NO_SETAFFINITY
        usual = [
            TaskInfo(1, 1, 0, "init", state="S", mm=True, cmdline="/init", flags=0x00400100),
            TaskInfo(2, 2, 0, "kthreadd", flags=k, wchan="kthreadd", cpus="0-1"),
            TaskInfo(3, 3, 2, "kworker/0:0H", state="I", flags=bound, prio=100, wchan="worker_thread"),
            TaskInfo(4, 4, 2, "ksoftirqd/0", flags=k | PF_NO_SETAFFINITY, wchan="smpboot_thread_fn"),
            TaskInfo(57, 57, 1, "sh", state="R", mm=True, cmdline="sh", flags=0x00400000),
            TaskInfo(61, 61, 2, "a_very_long_ker", "a_very_long_kernel_thread_name_x", "D", k, wchan="kthread",
                     stack=["kthread", "ret_from_fork"]),
            TaskInfo(62, 62, 57, "ended", state="Z"),
        ]  # fmt: skip
        bad = [
            TaskInfo(9, 9, 3, AWKWARD + " \\\n) S", state="?"),
            TaskInfo(5, 5, 2, "lent", flags=k, mm=True),
        ]
        return {"empty": partial(cls, []), "usual": partial(cls, usual), "awkward": partial(cls, usual + bad)}

    @property
    def fits_a_page(self) -> bool:
        return len(self.tasks) <= PAGE_MAX_TASKS

    @property
    def _tree(self) -> int:
        return min(max(TREE_PX[0], 22 * (len(self.rows) + 1) + 10), TREE_PX[1])

    @property
    def height(self) -> int:
        return self._tree + 32 + 62 + 8

    def describe(self) -> str:
        return f"{count(len(self.tasks), 'task')}, {count(sum(t.kthread for t in self.tasks), 'kthread')}"

    def text(self) -> str:
        """The forest as pstree draws it, with pid, state and kind before each name."""
        lines = [self.words, "PID 0"]
        for lead, _, task in self.rows[:TEXT_TASKS]:
            lines.append(f"{lead}{task.pid} {task.state} {KINDS[_kind(task)][0]} {clean(_name(task))}")
        hidden = len(self.rows) - TEXT_TASKS
        lines += [f"… and {count(hidden, 'more task', 'more tasks')}"] if hidden > 0 else []
        kinds = {_kind(t) for t in self.tasks}
        lines += ["", *(f"{glyph} {words}" for kind, (glyph, words) in KINDS.items() if kind in kinds)] if kinds else []
        return "\n".join(cut(line.rstrip(), 140) for line in lines)

    def pack(self) -> dict[str, Any]:
        rows = [[depth, _kind(t), t.pid, t.state, _name(t), _facts(t)] for _, depth, t in self.rows]
        return {"rows": rows, "kinds": KINDS, "tree": self._tree}

    def svg(self) -> str:
        """The forest in two columns: a square for a kthread, a circle for a user's task, the state letter behind it."""
        shown = self.rows[:SVG_TASKS]
        half = max(8, (len(shown) + 2) // 2)
        body = [label(2, 36, "PID 0", 'opacity=".7"')]
        for i, (_, depth, task) in enumerate(shown, 1):
            x, y = 12 + 350 * (i // half) + 16 * depth, 36 + 18 * (i % half)
            body.append(_mark(x, y, _kind(task)))
            words = f"{task.pid} {cut(clean(_name(task)), 34)}"
            body.append(label(x + 12, y, task.state, 'font-weight="bold"') + label(x + 28, y, words))
        hidden = len(self.rows) - len(shown)
        y = 36 + 18 * half + 6
        note = "■ kthread, no address space   ○ user, has one" + (f"   … and {hidden} more tasks" if hidden > 0 else "")
        body.append(label(2, y, note, 'font-size="11" opacity=".7"'))
        description = "Children stand indented under their parents. Square: kthread. Circle: user. The letter: its state."
        return still(712, y + 10, self.words, description, "".join(body))


def _rows(tasks: list[TaskInfo]) -> Iterable[tuple[str, int, TaskInfo]]:
    """Each task with the lines that lead to it and its depth, parents before their children."""
    family = taskinfo.children(t for t in tasks if t.pid)

    def grow(pid: int, depth: int, lead: str) -> Iterable[tuple[str, int, TaskInfo]]:
        mine = family.get(pid, [])
        for i, task in enumerate(mine):
            last = i + 1 == len(mine)
            yield lead + ("└─ " if last else "├─ "), depth, task
            yield from grow(task.pid, depth + 1, lead + ("   " if last else "│  "))

    return grow(0, 0, "")


def _kind(task: TaskInfo) -> str:
    if task.kthread:
        return "lent" if task.mm else "kthread"
    return "user" if task.mm else "bare"


def _name(task: TaskInfo) -> str:
    return task.name or task.comm


def _facts(task: TaskInfo) -> list[list[str]]:
    """What there is to say of one task, as pairs of a word and its value."""
    known = [name for name, bit in FLAGS.items() if task.flags & bit]
    rest = task.flags & ~sum(FLAGS.values())
    flags = " | ".join([*known, *([f"0x{rest:x}"] if rest else [])])
    cut_name = f"comm (15 characters): {clean(task.comm)}" if task.comm != _name(task) else ""
    facts = [
        ("state", f"{task.state}: {STATES.get(task.state, 'unknown')}"),
        ("pid", f"{task.pid}, thread group {task.tgid}, parent {task.ppid}"),
        ("mm", KINDS[_kind(task)][1]),
        ("flags", f"0x{task.flags:08x}" + (f" = {flags}" if flags else "")),
        ("prio", f"{task.prio}" + (", real time" if task.prio < taskinfo.MAX_RT_PRIO else "")),
        ("CPUs", task.cpus),
        ("name", cut_name),
        ("cmdline", clean(task.cmdline) or "empty"),
        ("sleeps in", task.wchan if task.wchan != "0" else ""),
        ("stack", " ← ".join(task.stack)),
    ]
    return [[word, value] for word, value in facts if value]


def _mark(x: float, y: float, kind: str) -> str:
    colour = INK["run"] if kind in ("kthread", "lent") else INK["can"]
    fill = colour if kind == "kthread" else "none"
    if kind == "user":
        return f'<circle cx="{x + 4}" cy="{y - 4}" r="4" fill="{fill}" stroke="{colour}" stroke-width="2"/>'
    return f'<rect x="{x}" y="{y - 8}" width="8" height="8" fill="{fill}" stroke="{colour}" stroke-width="2"/>'
