"""fence(): what a thread has written is seen by all before it goes on."""

from __future__ import annotations

from labkit import here


def fence() -> None:
    """Wait until all that this thread has written can be seen by every other, as the processor's MFENCE does.

    Only explore(main, memory="tso") has store buffers in which a write can wait. On every other machine a write is seen
    at once, and a fence is a scheduling point and nothing else. Outside a run there is nobody to wait for.

    >>> from labkit import run
    >>> run(fence).result is None
    True
    """
    if here.machine.run_id is not None:
        here.machine.point("fence", None)


__all__ = ["fence"]
