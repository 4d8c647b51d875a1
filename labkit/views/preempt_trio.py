"""Three boots of one kernel on one time axis: who ran when, and when the shell that slept for 0.3 s got the CPU back.

A kthread that never sleeps holds the only CPU. With preempt=none and preempt=voluntary it keeps it until it ends; only with
preempt=full the shell comes back on time. A run is given as a trace, or as the one number that was measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, Final

from labkit.thread import BLOCKED, RUNNABLE, RUNNING
from labkit.tracelog import Raw, Trace
from labkit.views.base import AWKWARD, View
from labkit.views.lanes import Bar, columns, few, of_number, of_trace
from labkit.views.still import INK, box, clean, cut, label, still

TEXT_COLUMNS: Final = 64
STATES: Final = (RUNNING, RUNNABLE, BLOCKED)
CHARACTERS: Final = {RUNNING: "█", RUNNABLE: "░", BLOCKED: "─", "": " "}


class PreemptTrio(View):
    """The same program under each preempt= setting, on one time axis.

    Args:
        runs: what stands after preempt= → the run's trace, or the seconds after which the sleeper got the CPU back.
        sleeper: name of the thread that sleeps and wants the CPU back.
        asked_s: how long it wanted to sleep; a trace tells it by itself.
        title: words above the picture.

    >>> PreemptTrio({"none": 3.33, "full": 0.33}).describe()
    'none 3.33 s, full 0.33 s'
    """

    name: ClassVar[str] = "preempt_trio"
    heading: ClassVar[str] = "preempt trio"

    def __init__(self, runs: Mapping[str, Trace | float], sleeper: str = "shell", asked_s: float = 0.3, title: str = "") -> None:
        super().__init__(title)
        self.sleeper = sleeper
        self.runs = [
            of_trace(name, run, sleeper) if isinstance(run, Trace) else of_number(name, run, sleeper, asked_s)
            for name, run in runs.items()
        ]
        self.end_s = max((run.end_s for run in self.runs), default=0.0)

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        late, early = _sample_trace(3.33), _sample_trace(0.33)
        return {
            "empty": partial(cls, {}),
            "usual": partial(cls, {"none": late, "voluntary": _sample_trace(3.43), "full": early}),
            "awkward": partial(cls, {"none": 3.33, AWKWARD: early, "no shell": Trace()}),
        }

    @property
    def height(self) -> int:
        return 32 + 20 + sum(28 + 22 * max(1, len(run.lanes)) for run in self.runs) + 32 + 56 + 22 + 8

    def describe(self) -> str:
        times = [f"{clean(r.name)} " + ("never" if r.woke_s is None else f"{r.woke_s - r.asleep_s:.3g} s") for r in self.runs]
        return cut(", ".join(times), 100) or "no runs"

    def text(self) -> str:
        """Each run in characters, all on the same axis."""
        lines = [self.words]
        if not self.runs:
            return lines[0]
        wide = min(20, max(len(who) for run in self.runs for who, _ in [("", []), *run.lanes]) + 2)
        quarters = "".join(f"{self.end_s * q / 4:.2g} s".ljust(TEXT_COLUMNS // 4) for q in range(4))
        lines.append(f"{'time':{wide}}  {quarters}")
        for run in self.runs:
            lines.append(cut(f"preempt={clean(run.name)}: {self.sleeper} {run.verdict}", 140))
            for who, bars in run.lanes:
                states = columns(bars, self.end_s, TEXT_COLUMNS)
                lines.append(f"{cut('  ' + clean(who), wide):{wide}}  {''.join(CHARACTERS[s] for s in states)}")
        return "\n".join(line.rstrip() for line in [*lines, "", "█ running   ░ could run, but has to wait   ─ asleep or blocked"])

    def pack(self) -> dict[str, Any]:
        return {
            "runs": [
                {
                    "name": run.name,
                    "verdict": f"{self.sleeper} {run.verdict}",
                    "lanes": [[who, [x for bar in few(bars, self.end_s) for x in _packed(bar)]] for who, bars in run.lanes],
                    "sleep": [run.asleep_s, run.due_s, run.woke_s],
                }
                for run in self.runs
            ],
            "end": self.end_s,
        }

    def svg(self) -> str:
        """The runs under one another: tall bars run, low bars could run, lines are asleep."""
        body, y, scale = [], 34, 560 / (self.end_s or 1.0)
        for q in range(5):
            x = 110 + 560 * q / 4
            body.append(label(x, y, f"{self.end_s * q / 4:.2g} s", 'font-size="10" opacity=".7" text-anchor="middle"'))
        for run in self.runs:
            y += 22
            body.append(
                label(
                    2, y, f"preempt={cut(clean(run.name), 30)}: {self.sleeper} {run.verdict}", 'font-weight="bold" font-size="11"'
                )
            )
            for who, bars in run.lanes:
                y += 20
                body.append(label(104, y, cut(clean(who), 15), 'text-anchor="end" font-size="11"'))
                body += [_still_bar(bar, scale, y) for bar in few(bars, self.end_s, 150)]
        note = "tall bar: running; low bar: could run, but has to wait; line: asleep or blocked"
        body.append(label(110, y + 22, note, 'font-size="10" opacity=".7"'))
        return still(690, y + 30, self.words, "One group of lanes for each boot, all on the same time axis.", "".join(body))


def _packed(bar: Bar) -> tuple[int, float, float]:
    return STATES.index(bar.state), round(bar.start_s, 6), round(bar.end_s, 6)


def _still_bar(bar: Bar, scale: float, y: int) -> str:
    x, wide = 110 + bar.start_s * scale, max(0.6, (bar.end_s - bar.start_s) * scale)
    tall, hue = {RUNNING: (14, "run"), RUNNABLE: (6, "can"), BLOCKED: (2, "wait")}[bar.state]
    return box(x, y - 4 - tall / 2, wide, tall, f'fill="{INK[hue]}"')


def _sample_trace(back_s: float) -> Trace:
    """A shell that sleeps for 0.3 s while a worker is busy for 3 s; it gets the CPU back at back_s."""
    busy, back = 3_300_000_000, int(back_s * 1e9)
    raw: list[Raw] = [
        (0, "spawn", 1, 0, 0), (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"), (0, "spawn", 2, 0, 1),
        (30_000_000, "sched_switch", 1, 0, "BLOCKED", 2, "sleep"), (330_000_000, "sched_wakeup", 1, 0, 0),
    ]  # fmt: skip
    if back < busy:
        raw += [(back, "sched_switch", 2, 0, "RUNNABLE", 1, "preempt"), (back + 50_000_000, "exit", 1, 0, ""),
                (back + 50_000_000, "sched_switch", 1, 0, "EXITED", 2, "exit")]  # fmt: skip
    raw += [(busy, "exit", 2, 0, ""), (busy, "sched_switch", 2, 0, "EXITED", 1 if back >= busy else 0, "exit")]
    if back >= busy:
        raw[-1] = (back, "sched_switch", 2, 0, "EXITED", 1, "exit")
        raw += [(back + 50_000_000, "exit", 1, 0, ""), (back + 50_000_000, "sched_switch", 1, 0, "EXITED", 0, "exit")]
    return Trace(raw, {1: "shell", 2: "busy/0"}, clock="real", machine="qemu")
