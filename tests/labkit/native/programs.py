"""C programs of the tests, and every machine to run them on."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "native"
LAWS: Final = FOLDER / "laws.c"
REGISTERS: Final = FOLDER / "registers.c"
MAPS: Final = FOLDER / "maps.c"
RING: Final = FOLDER / "ring.c"
STORM: Final = FOLDER / "storm.c"
MACHINES: Final = ("uthread", "uthread-preemptive", "pthread")
OURS: Final = tuple(product(("uthread", "uthread-preemptive"), ("asm", "swapcontext")))
"""Our own threads, with both ways to switch."""
HEADERS: Final = "".join(f"#include <{name}.h>\n" for name in ("stdio", "stdlib", "unistd")) + '#include "uthread.h"\n'


def main(body: str, before: str = "") -> str:
    """A C program with uthread.h: what stands before main is its line 5, and the body of main begins on line 8."""
    return f"{HEADERS}{before}\nint main(void)\n{{\n{body}\n}}\n"
