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
        within: so many seeds must be enough.
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
    Bug("lost_update", "counter 100", 100),
    Bug("check_then_act", "winners 1", 100),
    Bug("lost_wakeup", "served 1", 100),
    Bug("flag_after_wake", "served 1", 100),
    Bug("if_for_while", "items 0", 100),
    Bug("room_for_one", "used 4", 100),
    Bug("last_reference", "freed 1", 100),
    Bug("torn_pair", "torn 0", 100),
    Bug("published_too_early", "seen 42", 100),
    Bug("list_without_lock", "walked", 100),
    Bug("start_before_ready", "", 100, UNLOADS),
    Bug("abba", "moved 2", 100),
    Bug("sleep_in_atomic", "items 1", 100),
    Bug("use_after_stop", "written after it was given away: 0", 100, UNLOADS),
    Bug("complete_then_return", "", 100, UNLOADS),
    Bug("stop_before_start", "", 100, UNLOADS),
    Bug("own_end", "", 100, UNLOADS),
    Bug("unload_work", "", 100, UNLOADS),
    Bug("unload_timer", "", 100, UNLOADS),
)
