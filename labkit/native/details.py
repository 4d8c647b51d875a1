"""What is true for one run only, and is never stored: addresses, sizes, and the lines of /proc/self/maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.memory import Picture
from labkit.native.shows import Show

if TYPE_CHECKING:
    from labkit.native.nativerun import NativeRun


def details(run: NativeRun, picture: Picture, seen: dict[str, list[Show]]) -> dict[str, str]:
    """Key of an area or a cell → its address first, then the rest."""
    told = {}
    for key, shows in seen.items():
        show = shows[-1]
        held = f", holds {show.raw:#x}" if show.pointer else ""
        line = maps_line(run, show.address)
        told[key] = f"{show.address:#x}, {show.size} bytes{held}" + (f"; maps: {line}" if line else "")
    stacks = {stack.thread: stack for stack in run.stacks}
    for area in picture.areas:
        if area.kind == "stack" and area.thread in stacks:
            stack = stacks[area.thread]
            used = f", {stack.used_bytes:,} bytes used" if stack.guard_bytes and stack.used_bytes else ""
            told[area.key] = f"{stack.low:#x} to {stack.high:#x}, {(stack.high - stack.low) >> 10} KiB{used}"
            if stack.guard_bytes:
                told[f"{area.key} guard"] = (
                    f"{stack.low - stack.guard_bytes:#x} to {stack.low:#x}; maps: {maps_line(run, stack.low - 1)}"
                )
            continue
        regions = [r for r in run.maps if r.kind == area.kind and (r.thread == area.thread or not area.thread)]
        if regions:
            told[area.key] = f"{regions[0].start:#x} to {regions[-1].end:#x}; maps: {maps_line(run, regions[0].start)}"
    return told


def maps_line(run: NativeRun, address: int) -> str:
    """The line of /proc/self/maps that an address belongs to, with single blanks."""
    for line in run.recording.maps.splitlines():
        low, _, high = line.split(" ", 1)[0].partition("-")
        if int(low, 16) <= address < int(high, 16):
            return " ".join(line.split())
    return ""
