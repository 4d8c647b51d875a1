"""A kernel stack as a gauge: 16 KiB, a guard page below it, and a chain of calls that uses it up.

Linux 6.1 on x86-64: THREAD_SIZE is 4096 << 2 = 16384 bytes (8192 before 3.15). With VMAP_STACK the stack is vmalloc memory, and
the page below it is left unmapped: a touch there is a fault, which the kernel reports as "stack guard page was hit".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple

from labkit.errors import LabError
from labkit.views.base import AWKWARD, View
from labkit.views.still import INK, box, clean, cut, label, still

THREAD_SIZE: Final = 16_384
"""Bytes of a kernel stack."""

OLD_THREAD_SIZE: Final = 8_192
"""Before Linux 3.15."""

GUARD: Final = 4_096
"""One page."""

ENTRY_BYTES: Final = 224
"""Used before threadfn is called: measured on 6.1. 168 are room for a program's registers (struct pt_regs), which a kthread never
has; then come kthread()'s return address and its frame. What threadfn itself takes is a frame of its own."""

TEXT_COLUMNS: Final = 64
MAX_FRAMES: Final = 40
"""Frames drawn one by one; the course's chains have a handful."""


class Frame(NamedTuple):
    """A function and the bytes that one call of it takes, its return address included.

    The size is the compiler's choice. A recursion with an array of 512 bytes took 528 bytes a call in one module, and fitted 30
    times; in another it saved more registers, took 544 and fitted 29 times (gcc 12, Linux 6.1).
    """

    name: str
    bytes: int


class StackGauge(View):
    """How much of the stack a chain of calls takes, and at which depth of recursion it ends.

    Args:
        frames: (name, bytes), outermost call first. The last one is the one that calls itself.
        depth: how often the last frame is there.
        total: bytes of the stack.
        entry_bytes: what is used before the first frame.
        title: words above the picture.

    >>> StackGauge([("rec", 544)]).limit
    29
    """

    name: ClassVar[str] = "stack_gauge"
    heading: ClassVar[str] = "stack gauge"

    def __init__(
        self,
        frames: Iterable[tuple[str, int]],
        depth: int = 1,
        total: int = THREAD_SIZE,
        entry_bytes: int = ENTRY_BYTES,
        title: str = "",
    ) -> None:
        super().__init__(title)
        self.frames = [Frame(*frame) for frame in frames]
        self.depth, self.total, self.entry_bytes = depth, total, entry_bytes
        for frame in self.frames:
            if not isinstance(frame.bytes, int) or frame.bytes <= 0:
                raise LabError(
                    f"frame {frame.name!r} takes {frame.bytes!r} bytes: every call takes some, at least its return address"
                )
        if depth < 0 or total <= 0 or not 0 <= entry_bytes <= total or len(self.frames) > MAX_FRAMES:
            raise LabError(f"depth is 0 or more, entry_bytes fits into total, and at most {MAX_FRAMES} frames are drawn")

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        chain = [("worker", 96), ("handle_item", 160), ("parse", 1104), ("rec", 544)]
        bad = [(AWKWARD, 4096), ("big local array", 16000)]
        return {"empty": partial(cls, []), "usual": partial(cls, chain, 12), "awkward": partial(cls, bad, 1)}

    @property
    def height(self) -> int:
        return 32 + 330 + 32 + 38 + 8

    def used(self, depth: int) -> int:
        """Bytes in use when the last frame is there `depth` times."""
        *outer, last = self.frames or [Frame("", 1)]
        return self.entry_bytes + sum(f.bytes for f in outer) + last.bytes * depth * bool(self.frames)

    @property
    def limit(self) -> int:
        """How often the last frame fits; -1 if not even the frames around it do."""
        if not self.frames:
            return 0
        return max(-1, (self.total - self.used(0)) // self.frames[-1].bytes)

    def describe(self) -> str:
        if not self.frames:
            return f"{self.total:,} bytes, no calls"
        name = cut(clean(self.frames[-1].name), 40)
        return f"{self.total:,} bytes, {name} fits {max(0, self.limit)} times"

    def rows(self, depth: int) -> list[tuple[str, int]]:
        """What lies on the stack, from the top down: words and bytes; equal calls are one row."""
        *outer, last = self.frames or [Frame("", 0)]
        rows = [("entry (pt_regs, kthread)", self.entry_bytes), *((clean(f.name), f.bytes) for f in outer)]
        return rows + ([(f"{clean(last.name)} × {depth}", last.bytes * depth)] if depth and self.frames else [])

    def text(self) -> str:
        """The gauge as a bar, then what each frame takes and leaves."""
        used = self.used(self.depth)
        column = self.total / TEXT_COLUMNS
        full = min(TEXT_COLUMNS, round(used / column))
        over = min(16, max(0, -(-(used - self.total) // int(column)))) if used > self.total else 0
        bar = "█" * full + "·" * (TEXT_COLUMNS - full) + "|" + "X" * over + "▒" * (16 - over)
        lines = [self.words, bar, f"{'high addresses':{TEXT_COLUMNS}} guard page", "", " bytes    used     left  frame"]
        so_far = 0
        for words, size in self.rows(self.depth):
            so_far += size
            lines.append(cut(f"{size:6,}  {so_far:6,}  {self.total - so_far:7,}  {words}", 140))
        return "\n".join([*lines, self.verdict()])

    def verdict(self) -> str:
        """What this depth means, in one sentence."""
        left = self.total - self.used(self.depth)
        if left < 0:
            return f"{-left:,} bytes too many: the guard page is hit, and the kernel reports BUG: TASK stack guard page was hit"
        return f"{self.used(self.depth):,} of {self.total:,} bytes used, {left:,} left"

    def pack(self) -> dict[str, Any]:
        return {
            "frames": [[clean(f.name), f.bytes] for f in self.frames],
            "depth": self.depth,
            "limit": self.limit,
            "total": self.total,
            "entry": self.entry_bytes,
            "guard": GUARD,
            "old": OLD_THREAD_SIZE if self.total > OLD_THREAD_SIZE else 0,
        }

    def svg(self) -> str:
        """The stack upright: high addresses on top, the guard page at the bottom."""
        scale = 300 / (self.total + GUARD)
        body, top, y = [], 30.0, 30.0
        body.append(box(90, top, 120, self.total * scale, 'fill="none" stroke="#777"'))
        ground = top + self.total * scale
        body.append(box(90, ground, 120, GUARD * scale, f'fill="{INK["wait"]}" fill-opacity=".25" stroke="{INK["wait"]}"'))
        body.append(label(150, ground + GUARD * scale / 2 + 4, "guard page", 'text-anchor="middle" font-size="11"'))
        body.append(label(84, top + 10, f"{self.total:,}", 'text-anchor="end" font-size="11"'))
        body.append(label(84, ground + 4, "0", 'text-anchor="end" font-size="11"'))
        for i, (words, size) in enumerate(self.rows(self.depth)):
            tall = min(size * scale, 330 - y)
            hue = INK["wait"] if y + size * scale > ground + 0.01 else INK[("plain", "run", "can")[0 if not i else 1 + i % 2]]
            body.append(box(92, y, 116, max(tall, 0.5), f'fill="{hue}" fill-opacity=".8"'))
            body.append(label(226, 44 + 18 * i, f"{size:,} bytes: {cut(words, 40)}", 'font-size="11"'))
            y = min(y + size * scale, 330)
        body.append(label(226, 326, self.verdict(), 'font-size="11" font-weight="bold"'))
        return still(
            720, 340, self.words, "A stack grows down. The filled part is in use; below it lies the guard page.", "".join(body)
        )
