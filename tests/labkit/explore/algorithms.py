"""Mutual exclusion by reading and writing alone, as it was before processors had store buffers."""

from __future__ import annotations

from collections.abc import Callable

from labkit import spawn
from labkit.sync import fence

flag_a = flag_b = False
turn = "A"
inside = 0


def nothing() -> None:
    """No fence."""


def dekker(barrier: Callable[[], None] = nothing) -> Callable[[], None]:
    """Dekker's algorithm, in globals."""

    def a() -> None:
        global flag_a, turn, inside
        flag_a = True
        barrier()
        while flag_b:
            if turn != "A":
                flag_a = False
                while turn != "A":
                    pass
                flag_a = True
                barrier()
        inside += 1
        assert inside == 1, "two inside"
        inside -= 1
        turn = "B"
        flag_a = False

    def b() -> None:
        global flag_b, turn, inside
        flag_b = True
        barrier()
        while flag_a:
            if turn != "B":
                flag_b = False
                while turn != "B":
                    pass
                flag_b = True
                barrier()
        inside += 1
        assert inside == 1, "two inside"
        inside -= 1
        turn = "A"
        flag_b = False

    def main() -> None:
        for thread in [spawn(a), spawn(b)]:
            thread.join()

    return main


def peterson(barrier: Callable[[], None] = nothing) -> Callable[[], None]:
    """Peterson's algorithm, in a list and variables of main()."""

    def main() -> None:
        flag = [False, False]
        turn = inside = 0

        def work(me: int) -> None:
            nonlocal turn, inside
            other = 1 - me
            flag[me] = True
            turn = other
            barrier()
            while flag[other] and turn == other:
                pass
            inside += 1
            assert inside == 1, "two inside"
            inside -= 1
            flag[me] = False

        for thread in [spawn(work, 0), spawn(work, 1)]:
            thread.join()

    return main


ALL = (dekker, peterson)

__all__ = ["ALL", "dekker", "fence", "peterson"]
