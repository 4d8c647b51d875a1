"""From addresses to a picture: in which frame of which stack a variable lies, or in what part of what all threads share.

The program told with each UTHREAD_SHOW where its own frames lie (record.c); /proc/self/maps and the executable tell the
rest. Order and names come from the program and not from addresses: where the linker puts what differs from machine to machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from labkit.memory import KINDS, Area, Box, Cell, Picture
from labkit.native.details import details
from labkit.native.shows import Frame, Show, frame_of, names_of, shows

if TYPE_CHECKING:
    from labkit.native.nativerun import NativeRun

DRAWN: Final = ("library", "heap", "bss", "data", "rodata", "text")
"""What every picture of a C program has, even if nothing in it was shown."""
SHOWS_MOST: Final = 2000
"""UTHREAD_SHOWs that are looked at; a loop that calls it a million times is a mistake."""


GROWS_BYTES: Final = 8 << 20
"""How far the stack of the process may grow: the usual `ulimit -s`."""


class Painter:
    """Builds the picture of one run."""

    def __init__(self, run: NativeRun) -> None:
        self.run = run
        self.threads = dict(zip(names_of(run).values(), run.recording.threads, strict=True))
        self.main = next(iter(self.threads), "")
        self.areas: dict[tuple[str, str], Area] = {}
        self.frames: dict[str, dict[Frame, tuple[int, Box]]] = {name: {} for name in self.threads}
        self.last: dict[str, Show] = {}
        self.homes: dict[int, Frame] = {}
        self.cells: dict[tuple[str, int, int], tuple[Cell, list[Show]]] = {}

    def paint(self) -> Picture:
        """The picture of everything that was shown."""
        for name, thread in self.threads.items():
            area = self._area("stack", name)
            area.guard_pages = thread.guard_bytes // self.run.recording.page_bytes
            area.note = "" if thread.guard_bytes else "the kernel lets it grow"
        for kind in DRAWN:
            self._area(kind, "")
        shown = shows(self.run)[:SHOWS_MOST]
        for show in shown:
            self._enter(show)
            if show.is_local and show.frames:
                self.homes[show.address] = show.frames[-1]
        for show in shown:
            self._put(show)
        for cell, seen in self.cells.values():
            self._fill(cell, seen)
        self._finish()
        place, kinds = {name: n for n, name in enumerate(self.threads)}, list(KINDS)
        areas = sorted(self.areas.values(), key=lambda a: (place.get(a.thread, len(place)), kinds.index(a.kind)))
        picture = Picture(areas, list(self.threads), language="C")
        picture.details = details(self.run, self.threads, picture, {cell.key: seen for cell, seen in self.cells.values()})
        return picture

    def _area(self, kind: str, thread: str) -> Area:
        """The area of this kind, made when it is first asked for."""
        own = {"stack": f"stack of {thread}", "tls": f"TLS of {thread}", "guard": f"guard page of {thread}"}
        everybodys = {"library": "shared libraries", "heap": "heap", "other": "elsewhere", "tls": "TLS of the one OS thread"}
        title = own[kind] if thread else everybodys.get(kind, f".{kind}")
        return self.areas.setdefault((kind, thread), Area(f"{kind} {thread}".strip(), kind, title, thread))

    # ---- frames

    def _enter(self, show: Show) -> None:
        """The frames that the thread was in: those seen before are known by their frame pointers."""
        known, area = self.frames[show.thread], self._area("stack", show.thread)
        depth = known[show.frames[0]][0] if show.frames and show.frames[0] in known else 0
        for frame in show.frames:
            if frame not in known:
                known[frame] = depth, Box(f"{area.key} {len(known) + 1}", frame.function)
            depth += 1
        if show.frames:
            self.last[show.thread] = show

    def _box(self, kind: str, thread: str, show: Show) -> Box:
        """The box that a shown variable lies in: of a stack the frame, else the one box of its area."""
        area = self._area(kind, thread)
        known = self.frames[thread] if kind == "stack" else {}
        frame = show.frames[-1] if show.is_local and show.thread == thread and show.frames else self.homes.get(show.address)
        if known and frame not in known:
            seen = show if show.thread == thread else self.last[thread]
            frame = frame_of(show.address, seen.frames, seen.locals_below)
        if frame is not None and frame in known:
            return known[frame][1]
        if not area.boxes:
            area.boxes.append(Box(f"{area.key} 0"))
        return area.boxes[0]

    def _finish(self) -> None:
        """Frames in order, the outermost first; a thread that has shown nothing has at least the function it began in."""
        for name, known in self.frames.items():
            area = self._area("stack", name)
            now = set(self.last[name].frames) if name in self.last else set()
            for frame, (_, box) in known.items():
                box.gone = frame not in now
            area.boxes[:0] = [box for _, box in sorted(known.values(), key=lambda pair: pair[0])]
            if not known:
                area.boxes[:0] = [Box(f"{area.key} f{i}", function) for i, function in enumerate(self._functions(name))]

    def _functions(self, name: str) -> list[str]:
        """The functions that a thread was in when the program failed, else the one it began in; the outermost first."""
        thread = self.threads[name]
        if self.run.recording.fault is not None and (places := self.run.places_of(thread.frames)):
            return [f"{place.function}()" for place in reversed(places)]
        place = self.run.where(thread.fn) if thread.fn else None
        return [f"{place.function}()"] if place else ["main()"] if name == self.main else []

    # ---- variables

    def where(self, address: int, show: Show) -> tuple[str, str]:
        """Kind of memory at an address, and whose it is; the stacks of who shows it are looked at first."""
        region = self.run.region(address)
        if show.frames:
            # Why: main's stack may have grown since the maps were copied.
            unmapped = region is None and show.thread == self.main
            if show.frames[-1].base - GROWS_BYTES * unmapped <= address < show.top:
                return "stack", show.thread
        # Why: the memory of a thread that has ended may be another's stack later, and maps are of one moment.
        for name in (show.thread, *self.threads):
            t = self.threads[name]
            if t.guard_bytes and t.stack_low <= address < t.stack_high:
                below_tls = name == show.thread and address < show.top
                in_tls = t.stack_low <= t.tls < t.stack_high and address >= t.tls & ~0xFFF and not below_tls
                return ("tls" if in_tls else "stack"), name
            if t.stack_low - t.guard_bytes <= address < t.stack_low:
                return "guard", name
        if region is None and address == show.address and show.type:
            return "heap", ""  # Why: it could be read, so it is there, and came after the maps were copied: malloc, as a rule
        if region is None or region.kind not in KINDS:
            return "other", ""
        if region.kind == "stack":
            return "stack", self.main
        own = next((name for name, t in self.threads.items() if t.tls in region), "") if region.kind == "tls" else ""
        return region.kind, own if self.run.machine == "pthread" else ""

    def _put(self, show: Show) -> None:
        """A cell for it, or one more name or reader of the cell that is there."""
        box = self._box(*self.where(show.address, show), show)
        key = (box.key, show.address, show.size)
        if key not in self.cells:
            self.cells[key] = Cell(f"{box.key} {len(box.cells) + 1}", show.name, bytes=show.size), []
            box.cells.append(self.cells[key][0])
        self.cells[key][1].append(show)

    def _fill(self, cell: Cell, seen: list[Show]) -> None:
        """What the cell holds, if all its threads agree; who shares it; and all its names."""
        names = list(dict.fromkeys(show.name for show in seen))
        names.sort(key=lambda name: name.startswith(("*", "&")))
        cell.name, cell.also = names[0], tuple(names[1:])
        last = {show.thread: show for show in seen}
        cell.shared_by = tuple(last) if len(last) > 1 else ()
        told = next(iter(last.values()))
        if {show.raw for show in last.values()} != {told.raw}:
            return
        cell.to = self._target(told)
        to_an_area = cell.to in {area.key for area in self.areas.values()}
        # Why: a pointer's number is another in every run; what the linker calls the place is not.
        cell.value = self.run.variable(told.pointer) if to_an_area else "" if cell.to else told.value

    def _target(self, show: Show) -> str:
        """Key of what a pointer points to: a shown variable, or the area where it points; empty for what is no address."""
        inside = [
            (cell, seen[0])
            for cell, seen in self.cells.values()
            if seen[0].address <= show.pointer < seen[0].address + seen[0].size
        ]
        if inside:
            return min(inside, key=lambda pair: (self._is_gone(pair[0]), pair[1].size))[0].key
        kind, thread = self.where(show.pointer, show)
        if not show.pointer or (kind == "other" and self.run.region(show.pointer) is None):
            return ""
        return self._area(kind, thread).key

    def _is_gone(self, cell: Cell) -> bool:
        """Does it lie in the frame of a function that has returned?"""
        for thread, known in self.frames.items():
            for frame, (_, box) in known.items():
                if cell in box.cells:
                    return frame not in self.last[thread].frames
        return False


def picture_of(run: NativeRun) -> Picture:
    """What the program has shown of its memory."""
    return Painter(run).paint()
