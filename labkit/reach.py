"""What a name in a Python program reaches: a value that is shown as it is, or a thing on the heap with parts of its own."""

from __future__ import annotations

import dis
from collections import Counter, deque
from collections.abc import Callable, Iterable
from types import CellType, CodeType, FrameType, FunctionType, MethodType
from typing import Any, Final

from labkit.memory import Area, Box, Cell
from labkit.plain import CODE, parts_of, title_of, words_of
from labkit.thread import Thread

INLINED: Final = ("<listcomp>", "<dictcomp>", "<setcomp>")
"""Python 3.11 gives these a frame of their own, later versions do not (PEP 709): here they never have one."""
PARTS_MOST: Final = 5
THINGS_MOST: Final = 40

NOT_THEIRS: Final = (".", "_lk")
"""Names that are not the program's: a comprehension's own, and what explore adds."""

Cells = dict[tuple[CodeType, str], list[CellType]]
"""Code and name of a captured variable → the closure cells that it may be."""


class Heap:
    """Things and globals that threads reach, each with a key, in the order in which they were met.

    Args:
        cells: captured variables, see captured().
    """

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.things: dict[int, Box] = {}
        self.alive: list[Any] = []  # Why: a number of id() is given again when its thing has gone
        self.globals: dict[str, Cell] = {}
        self.readers: dict[str, list[str]] = {}
        self.roots: dict[str, list[Cell]] = {}
        self.details: dict[str, str] = {}

    def stack(self, key: str, frames: Iterable[FrameType], thread: Thread) -> list[Box]:
        """The frames of a thread as boxes, and what they reach as things on the heap."""
        boxes: list[Box] = []
        for frame in frames:
            code = frame.f_code
            if code.co_name not in INLINED or not boxes:
                boxes.append(Box(f"{key} {len(boxes) + 1}", f"{code.co_name.strip('<>')}()"))
            fn = function_of(thread.fn)
            own = closure(fn) if fn is not None and fn.__code__ is code else {}
            held = frame.f_locals
            for name in sorted(held, key=_order(code)):
                value = held[name]
                if not isinstance(value, CODE) and not name.startswith(NOT_THEIRS):
                    boxes[-1].cells.append(
                        self._variable(boxes[-1], name, value, own.get(name) or self._captured(code, name, value))
                    )
            self._use_globals(frame, thread.name)
            self.roots.setdefault(thread.name, []).extend(boxes[-1].cells)
        return boxes

    def areas(self) -> list[Area]:
        """The globals and the heap, with who shares what."""
        self._share()
        titles = Counter(box.title for box in self.things.values())
        seen = Counter[str]()
        for box in self.things.values():
            seen[title := box.title] += 1
            box.title += f" #{seen[title]}" if titles[title] > 1 else ""
        named = [Area("globals", "globals", "globals", boxes=[Box("globals 0", cells=list(self.globals.values()))])]
        return [*(named if self.globals else []), Area("heap", "heap", "heap", boxes=list(self.things.values()))]

    # ---- from a name to a cell

    def _captured(self, code: CodeType, name: str, value: Any) -> CellType | None:
        """The closure cell behind a local variable, if some function has captured it: one that holds the very same thing."""
        return next((c for c in self.cells.get((code, name), []) if _contents(c) is value), None)

    def _variable(self, box: Box, name: str, value: Any, cell: CellType | None) -> Cell:
        """A local variable; a captured one is a cell on the heap, and the frame has only the way to it."""
        key = f"{box.key} {len(box.cells) + 1}"
        if cell is None:
            return self._cell(key, name, value)
        if id(cell) not in self.things:
            inside = self._thing(cell, f"closure cell of {name}")
            inside.cells.append(self._cell(f"{inside.key} 1", name, value))
        return Cell(key, name, to=self.things[id(cell)].key)

    def _cell(self, key: str, name: str, value: Any) -> Cell:
        if (words := words_of(value)) is not None:
            return Cell(key, name, words)
        if id(value) not in self.things:
            if len(self.things) >= THINGS_MOST:
                return Cell(key, name, f"a {type(value).__name__}")
            box = self._thing(value, title_of(value))
            parts = list(parts_of(value))
            for part, item in parts[:PARTS_MOST]:
                box.cells.append(self._cell(f"{box.key} {len(box.cells) + 1}", part, item))
            if len(parts) > PARTS_MOST:
                box.cells.append(Cell(f"{box.key} more", "…", f"{len(parts) - PARTS_MOST} more"))
        return Cell(key, name, to=self.things[id(value)].key)

    def _thing(self, value: Any, title: str) -> Box:
        box = self.things[id(value)] = Box(f"heap {len(self.things) + 1}", title)
        self.alive.append(value)
        self.details[box.key] = f"id {id(value):#x}: its address, in CPython"
        return box

    def _use_globals(self, frame: FrameType, thread: str) -> None:
        """The global variables that the code of a frame names."""
        for name in frame.f_code.co_names:
            value = frame.f_globals.get(name)
            if name not in frame.f_globals or isinstance(value, CODE) or name.startswith("__") or _is_ours(value):
                continue
            if name not in self.globals:
                self.globals[name] = self._cell(f"globals 0 {len(self.globals) + 1}", name, value)
            readers = self.readers.setdefault(name, [])
            readers += [thread] if thread not in readers else []

    def _share(self) -> None:
        """Say of every thing and global which threads reach it, where there are more than one."""
        boxes = {box.key: box for box in self.things.values()}
        reached: dict[str, list[str]] = {}
        for thread, cells in self.roots.items():
            queue, seen = deque([*cells, *(self.globals[n] for n, who in self.readers.items() if thread in who)]), set[str]()
            while queue:
                to = queue.popleft().to
                if to and to not in seen:
                    seen.add(to)
                    reached.setdefault(to, []).append(thread)
                    queue.extend(boxes[to].cells)
        for key, threads in reached.items():
            boxes[key].shared_by = tuple(threads) if len(threads) > 1 else ()
        for name, threads in self.readers.items():
            self.globals[name].shared_by = tuple(threads) if len(threads) > 1 else ()


def captured(functions: Iterable[Callable[..., Any]], frames: list[FrameType]) -> Cells:
    """The closure cells of captured variables: of the function that runs in a frame, and of those that it has defined."""
    found: Cells = {}
    known = [*functions, *(value for frame in frames for value in [*frame.f_locals.values(), *frame.f_globals.values()])]
    codes = {frame.f_code for frame in frames}
    for function in {id(f): f for f in map(function_of, known) if f is not None}.values():
        for name, cell in closure(function).items():
            for code in codes:
                if code is function.__code__ or (name in code.co_cellvars and function.__code__ in code.co_consts):
                    found.setdefault((code, name), []).append(cell)
    return found


def function_of(value: Any) -> FunctionType | None:
    """The function behind a value that can be called, if it is written in Python."""
    inner = value.__func__ if isinstance(value, MethodType) else value
    return inner if isinstance(inner, FunctionType) else None


def closure(function: FunctionType) -> dict[str, CellType]:
    """Name → cell of the variables that a function has captured."""
    return dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))


def _order(code: CodeType) -> Callable[[str], int]:
    """Names of a function in the order of its text: arguments, as first assigned, captured; Python's own order changes."""
    names = [*code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]]
    for step in dis.get_instructions(code):
        if step.opname.startswith("STORE_") and step.argval:
            names += step.argval if isinstance(step.argval, tuple) else [step.argval]
    place = {name: n for n, name in reversed(list(enumerate(names))) if name not in code.co_freevars}
    return lambda name: place.get(name, len(names))


def _contents(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # the variable has no value yet
        return cell


def _is_ours(value: Any) -> bool:
    """labkit's own no_preempt and the like, which a lesson imports."""
    return type(value).__module__ == "labkit.here"
