"""What is true for one run only, and is never stored: addresses, sizes, and the lines of /proc/self/maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.memory import Picture
from labkit.native.recording import CThread
from labkit.native.shows import Show

if TYPE_CHECKING:
    from labkit.native.nativerun import NativeRun


def details(run: NativeRun, threads: dict[str, CThread], picture: Picture, seen: dict[str, list[Show]]) -> dict[str, str]:
    """Key of an area or a cell → its address first, then the rest."""
    told = {}
    for key, shows in seen.items():
        show = shows[-1]
        held = f", holds {show.raw:#x}" if show.pointer else ""
        line = maps_line(run, show.address)
        told[key] = f"{show.address:#x}, {show.size} bytes{held}" + (f"; maps: {line}" if line else "")
    for area in picture.areas:
        thread = threads.get(area.thread)
        if area.kind == "stack" and thread is not None and thread.guard_bytes:
            used = f", {thread.stack_used:,} bytes used" if thread.stack_used else ""
            size = f"{(thread.stack_high - thread.stack_low) >> 10} KiB{used}"
            told[area.key] = f"{thread.stack_low:#x} to {thread.stack_high:#x}, {size}"
            guard = f"{thread.stack_low - thread.guard_bytes:#x} to {thread.stack_low:#x}"
            told[f"{area.key} guard"] = f"{guard}; maps: {maps_line(run, thread.stack_low - 1)}"
            continue
        own = "[stack]" if area.kind == "stack" else ""  # main's
        regions = [r for r in run.maps if r.kind == area.kind and own in r.path and (own or thread is None or thread.tls in r)]
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
