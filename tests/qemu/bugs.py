"""The buggy modules: how each is judged, and in how many seeds a hunt must have found it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labkit.qemu import ModuleRun
from labkit.qemu.hunt import wrong

FOLDER = Path(__file__).with_name("buggy")
RACES = ("phase", "slices", "calls", "accesses")
UNLOADS = (*RACES, "waits")


@dataclass(frozen=True)
class Bug:
    """One buggy module.

    Attributes:
        name: its file.
        says: the last line of its log when nothing went wrong; "" where only the kernel can tell.
        within: so many seeds must be enough; 0: none of 40 finds it yet (the kthread would have to lose the CPU on the way
            to its first line, and again until it is stopped).
        kinds: what a hunt disturbs.
    """

    name: str
    says: str
    within: int
    kinds: tuple[str, ...] = RACES

    def source(self, right: bool = False) -> str:
        """The module's text: the buggy one, or the right one."""
        text = (FOLDER / f"{self.name}.c").read_text(encoding="utf-8")
        pair = (FOLDER / "pair.h").read_text(encoding="utf-8")
        return "#define RIGHT\n" * right + text.replace('#include "pair.h"\n', pair)

    def check(self, run: ModuleRun) -> bool:
        """Is this run fine?"""
        return not wrong(run) and (not self.says or (bool(run.dmesg) and run.dmesg[-1].text == self.says))


BUGS = (
    Bug("lost_update", "counter 100", 20),
    Bug("check_then_act", "winners 1", 20),
    Bug("lost_wakeup", "served 1", 30),
    Bug("flag_after_wake", "served 1", 10),
    Bug("if_for_while", "items 0", 10),
    Bug("room_for_one", "used 4", 10),
    Bug("last_reference", "freed 1", 10),
    Bug("torn_pair", "torn 0", 20),
    Bug("published_too_early", "seen 42", 40),
    Bug("list_without_lock", "walked", 20),
    Bug("start_before_ready", "", 10, UNLOADS),
    Bug("abba", "moved 2", 20),
    Bug("sleep_in_atomic", "items 1", 10),
    Bug("use_after_stop", "written after it was given away: 0", 30, UNLOADS),
    Bug("complete_then_return", "", 30, UNLOADS),
    Bug("stop_before_start", "", 0, UNLOADS),
    Bug("own_end", "", 20, UNLOADS),
    Bug("unload_work", "", 40, UNLOADS),
    Bug("unload_timer", "", 30, UNLOADS),
)
