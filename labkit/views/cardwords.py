"""What there is to say of an area of memory, of a frame and of a variable, in a sentence each."""

from __future__ import annotations

from typing import Final

from labkit.memory import KINDS, Area, Box, Cell, Picture
from labkit.views.base import count

NAMES_MOST: Final = 6


def area_says(area: Area) -> str:
    """What kind of memory it is, and whose."""
    whose = f"{area.thread}'s own" if area.thread else "shared by all threads"
    return f"{area.title}: {KINDS[area.kind]}; {whose}."


def box_says(area: Area, box: Box) -> str:
    """Which call a frame belongs to, or who reaches a thing."""
    if area.kind != "stack":
        return f"{box.title} in the {area.title}{_shared(box.shared_by)}."
    gone = "; it has returned: its place may be another's any time" if box.gone else ""
    return f"Frame of {box.title} on the {area.title}{gone}."


def cell_says(picture: Picture, area: Area, box: Box, cell: Cell) -> str:
    """What a variable holds, where it lies, who reaches it and where it leads."""
    also = f" (also {', '.join(cell.also)})" if cell.also else ""
    where = f"{box.title}, {area.title}" if box.title else area.title
    holds = f" = {cell.value}" if cell.value and not cell.to else ""
    points = f" It leads to {picture.where(cell.to, cell.key)}{f': {cell.value}' if cell.value else ''}." if cell.to else ""
    size = f", {count(cell.bytes, 'byte')}" if cell.bytes else ""
    return f"{cell.name}{also}{holds}, in {where}{size}{_shared(cell.shared_by)}.{points}"


def _shared(threads: tuple[str, ...]) -> str:
    return f", reached by {names(threads)}" if threads else ""


def names(threads: tuple[str, ...]) -> str:
    """Several threads in words; of many, the first few."""
    shown = threads[:NAMES_MOST] if len(threads) > NAMES_MOST + 1 else threads[:-1]
    rest = threads[len(shown) :]
    return f"{', '.join(shown)} and {rest[0] if len(rest) == 1 else f'{len(rest)} more'}"
