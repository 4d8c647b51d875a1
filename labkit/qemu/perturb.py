"""What a seed does to a run: the phase of the timer, how long timeslices are, and where a task is held up.

All of it follows from the seed and the module's own machine code, and is exact: the same seed, the same bytes. Why so many
kinds: a race shows when a task loses the CPU between two certain instructions, and a tick every 4 ms seldom comes just there.
Delays where tasks meet (Sen's active testing, PLDI 2008) and at accesses to memory (DataCollider, OSDI 2010) come there often.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from labkit.errors import LabError
from labkit.qemu.image import Image
from labkit.qemu.lean import Orders

KINDS: Final = ("phase", "slices", "calls", "accesses", "waits")
TICK_US: Final = 4000
"""The kernel's tick, CONFIG_HZ=250: a phase beyond it is one that was there before."""
MEANS_US: Final = (2, 5, 20, 100, 700)
"""How long a timeslice is in the mean: from some hundred instructions to a good part of a tick."""
HOLDS_US: Final = (0, 0, 0, 500, 3_000, 30_000)
"""How long a task is held up; 0 sends it to the back of the queue and no more. 30 ms outlast a wait for RCU."""
HITS: Final = (1, 1, 1, 1, 1, 2, 5, 30)
"""The how-manieth time at a place a task is held up: mostly the first."""
TIMES: Final = (1, 1, 3, 40)
"""How often in a row."""
COUNTS: Final = (1, 2, 4, 8)
"""In how many places."""
BUDGET_US: Final = 200_000
"""How long all places of a run may hold tasks up: a module that is right should get done while it is loaded."""
CYCLES: Final = 3
"""Loads and unloads, at least, in a run with other waits."""
WAITS_S: Final = (0.0, 0.0, 0.01, 0.1)
"""About how long the module then stays loaded, beside the time that was asked for."""

QUIET: Final = ("__fentry__", "__x86_", "__stack_chk", "_printk", "__warn", "__kasan", "__SCT__", "__cond_resched")
"""Calls at which a delay finds nothing: the compiler's own, and printing."""
_FUNCTION = re.compile(r"^[0-9a-f]+ <([\w.]+)>:$")
_LINE = re.compile(r"^ *([0-9a-f]+):\t(\S+) *([^#<]*)")
_RELOCATION = re.compile(r"^\s+[0-9a-f]+: R_X86_64_(?:PLT32|PC32)\s+([\w.]+)-0x4")
_MEMORY = re.compile(r"\((?!%rsp|%rbp)|^0x0$|%gs:")


class Place(NamedTuple):
    """An instruction of the module, behind which a task can be held up."""

    function: str
    offset: int
    why: str
    """What stands there, in words: "call of complete"."""
    once: bool = False
    """In init or exit, which run once."""

    def __str__(self) -> str:
        return f"{self.function}+{self.offset:#x} ({self.why})"


@dataclass(frozen=True)
class Places:
    """Where a module's tasks can be held up: at its calls of the kernel, and at its accesses to memory."""

    calls: tuple[Place, ...]
    accesses: tuple[Place, ...]


def find_places(ko: bytes, image: Image) -> Places:
    """The places in a built module, as objdump tells them."""
    call = ["objdump", "-d", "-r", "--no-show-raw-insn"]
    try:
        with tempfile.NamedTemporaryFile(prefix="labkit-", suffix=".ko") as file:
            file.write(ko)
            file.flush()
            done = subprocess.run([*call, file.name], env=image.environment, capture_output=True, check=False)
    except FileNotFoundError:
        raise LabError("objdump is not there: apt install binutils, or `labkit kernel setup` again") from None
    return read_places(done.stdout.decode())


def read_places(text: str) -> Places:
    """The places in what `objdump -d -r` prints."""
    calls: list[Place] = []
    accesses: list[Place] = []
    function, start, offset, called, once = "", 0, 0, "", False
    for line in text.splitlines():
        if line.startswith("Disassembly of section "):
            once = ".init." in line or ".exit." in line
        elif found := _FUNCTION.match(line):
            function, start, called = found[1], int(line.split()[0], 16), ""
        elif found := _RELOCATION.match(line):
            if called == "call" and not found[1].startswith((*QUIET, ".")):
                calls.append(Place(function, offset, f"call of {found[1]}", once))
                called = found[1]
        elif found := _LINE.match(line):
            offset = int(found[1], 16) - start
            if called and called not in ("call", "nop"):
                calls.append(Place(function, offset, f"behind {called}", once))
            called = "call" if found[2] == "call" else ""
            if _touches_memory(found[2], found[3].strip()):
                accesses.append(Place(function, offset, "access to memory", once))
    return Places(tuple(calls), tuple(accesses))


def _touches_memory(word: str, operands: str) -> bool:
    return not word.startswith(("lea", "nop", "call", "jmp", "data16", "cs", "ret", "push", "pop")) and bool(
        _MEMORY.search(operands)
    )


def plan(seed: int, kinds: tuple[str, ...], places: Places, base: Orders) -> tuple[Orders, str]:
    """What the run of a seed does, as orders for the guest and in words; the same arguments give the same."""
    chance = random.Random(f"labkit {seed}")
    phase = chance.randrange(TICK_US)
    said = []
    waits, points = base.waits_s, ""
    if "phase" in kinds:
        said.append(f"the timer's phase is shifted by {phase} µs")
    if "waits" in kinds and chance.randrange(2):
        waits = tuple(round(chance.choice((*WAITS_S, max(waits))) * chance.random(), 6) for _ in range(max(CYCLES, len(waits))))
        said.append("loaded for " + ", ".join(f"{wait * 1000:.1f}" for wait in waits) + " ms")
    kind = chance.choice([kind for kind in ("slices", "calls", "accesses") if kind in kinds] or [""])
    if kind == "slices":
        points = f"s {chance.randrange(1, 1 << 48)} {chance.choice(MEANS_US)}\n"
        said.append(f"timeslices of about {points.split()[2]} µs")
    elif kind:
        points = _points(chance, getattr(places, kind), said)
    orders = replace(base, waits_s=waits, phase_us=phase if "phase" in kinds else 0, points=points)
    return orders, "; ".join(said)


def _points(chance: random.Random, places: tuple[Place, ...], said: list[str]) -> str:
    """Some of the places, with what is done there; the most often those where more than init or exit comes by."""
    count = min(chance.choice(COUNTS), len(places))
    order = sorted(places, key=lambda place: chance.random() ** (1 if place.once else 3))
    text = ""
    for place in order[:count]:
        hit, times, hold = (chance.choice(choices) for choices in (HITS, TIMES, HOLDS_US))
        hit, times = (1, 1) if place.once else (hit, max(1, min(times, BUDGET_US // count // max(hold, 1))))
        hold = min(hold, BUDGET_US // count)
        text += f"p {place.function} {place.offset} {hit} {times} {hold}\n"
        how = f"held for {hold / 1000:g} ms" if hold else "sent to the back of the queue"
        often = f"{times} times from time {hit} on" if times > 1 else f"at time {hit}" if hit > 1 else "once"
        said.append(f"{how} at {place}, {often}")
    return text
