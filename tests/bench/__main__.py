"""`make bench`: every room's tables, or only those named: `python -m tests.bench machines`."""

from __future__ import annotations

import importlib
import sys

ROOMS = ("machines", "explore", "native", "qemu", "grading")


def main() -> None:
    """Run the rooms that were asked for."""
    wanted = sys.argv[1:] or ROOMS
    for room in wanted:
        if room not in ROOMS:
            sys.exit(f"there is no bench {room!r}; choose from {', '.join(ROOMS)}")
        importlib.import_module(f"tests.bench.{room}").main()


if __name__ == "__main__":
    main()
