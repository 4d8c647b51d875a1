"""look(): whose names reach what, at one moment of a running Python program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from labkit import Mutex, explore, run, sched_yield, sleep, spawn
from labkit.errors import LabError
from labkit.look import FRAMES_MOST, MOMENTS_MOST
from labkit.look import look as take
from labkit.machines import Pthread
from labkit.memory import Picture
from labkit.views.memory import Memory

EXACT = ["cooperative", "preemptive", "pthread"]
total = {"n": 0}
LIMIT = 3


def pictures(main: Callable[[], Any], machine: Any = "cooperative", **options: Any) -> list[Picture]:
    run(main, machine, **options)
    view = take()
    assert isinstance(view, Memory)
    return view.pictures


def frames(picture: Picture, thread: str) -> list[tuple[str, list[str]]]:
    """Functions on a stack and the names in them."""
    (area,) = [area for area in picture.areas if area.thread == thread]
    return [(box.title, [cell.name for cell in box.cells]) for box in area.boxes]


def leads(picture: Picture, thread: str, name: str) -> str:
    """Where a thread's name leads, or its value."""
    (cell,) = [f.cell for f in picture.find(name) if f.area.thread == thread]
    assert cell
    return picture.where(cell.to, cell.key) if cell.to else cell.value


def sharers(picture: Picture, title: str) -> tuple[str, ...]:
    (box,) = [f.box for f in picture.all() if f.box and not f.cell and f.box.title == title]
    return box.shared_by


def two_append() -> None:
    shared: list[int] = []

    def outer(own: int, reach: list[int]) -> None:
        private = [own]
        inner(private, reach)

    def inner(mine: list[int], reach: list[int]) -> None:
        reach.append(mine[0])
        sched_yield()
        if mine[0] == 2:
            take("both have appended")
        sched_yield()

    threads = [spawn(outer, 1, shared), spawn(outer, 2, shared)]
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("machine", EXACT)
def test_each_thread_has_frames_of_its_own_on_every_machine(machine: str) -> None:
    (picture,) = pictures(two_append, machine, policy="fifo")
    assert picture.moment == "both have appended"
    assert picture.threads == ["main", "A", "B"]
    for thread in "AB":
        assert frames(picture, thread) == [("outer()", ["own", "reach", "private"]), ("inner()", ["mine", "reach"])]
    assert [title for title, _ in frames(picture, "main")] == ["two_append()"]


@pytest.mark.parametrize("machine", EXACT)
def test_what_two_threads_reach_is_shared_and_what_one_reaches_is_not(machine: str) -> None:
    (picture,) = pictures(two_append, machine, policy="fifo")
    assert sharers(picture, "list [1, 2]") == ("main", "A", "B")
    assert sharers(picture, "list [1]") == sharers(picture, "list [2]") == ()
    assert leads(picture, "B", "private") == leads(picture, "B", "mine") == "list [2] on the heap"
    assert leads(picture, "B", "own") == "2", "an int never changes: its value is all there is"


def test_a_captured_variable_is_one_cell_for_all_who_captured_it() -> None:
    def main() -> None:
        count = 0
        alone = 0

        def add() -> None:
            nonlocal count
            count += 1
            take("added")

        spawn(add).join()
        assert alone == 0

    (picture,) = pictures(main)
    assert leads(picture, "main", "count") == leads(picture, "A", "count") == "closure cell of count on the heap"
    assert leads(picture, "main", "alone") == "0"
    assert sharers(picture, "closure cell of count") == ("main", "A")
    assert [f.cell.value for f in picture.find("count") if f.cell and f.area.kind == "heap"] == ["1"]


def test_closures_made_twice_have_cells_of_their_own() -> None:
    def worker() -> Callable[[], None]:
        count = 0

        def add() -> None:
            nonlocal count
            count += 1
            sched_yield()

        return add

    def main() -> None:
        spawn(worker())
        spawn(worker())
        sched_yield()
        take()

    (picture,) = pictures(main)
    cells = [f.box for f in picture.all() if f.box and not f.cell and f.box.title.startswith("closure cell of count #")]
    assert len(cells) == 2
    assert [cell.shared_by for cell in cells] == [(), ()]


def test_globals_are_one_box_and_name_their_readers() -> None:
    def main() -> None:
        def add() -> None:
            total["n"] += LIMIT
            take("added")

        spawn(add).join()
        assert total["n"] == LIMIT

    total["n"] = 0
    (picture,) = pictures(main)
    (area,) = [area for area in picture.areas if area.kind == "globals"]
    assert {cell.name: (cell.value, cell.shared_by) for cell in area.cells} == {
        "LIMIT": ("3", ("main", "A")), "total": ("", ("main", "A")),
    }  # fmt: skip
    assert sharers(picture, "dict {'n': 3}") == ("main", "A")


def test_a_thing_has_its_parts_and_a_primitive_its_name() -> None:
    class Account:
        def __init__(self) -> None:
            self.balance = 5
            self.lock = Mutex("m")
            self.children: list[Any] = [[1], {"a": 2}, {3, 2}, (4, "x")]

    def main() -> None:
        account = Account()
        take()
        del account

    (picture,) = pictures(main)
    assert leads(picture, "main", "account") == "Account on the heap"
    (box,) = [f.box for f in picture.all() if f.box and not f.cell and f.box.title == "Account"]
    assert [(cell.name, cell.value) for cell in box.cells] == [("balance", "5"), ("lock", ""), ("children", "")]
    titles = [f.box.title for f in picture.all() if f.box and not f.cell and f.area.kind == "heap"]
    assert titles == ["Account", "Mutex 'm'", "list", "list [1]", "dict {'a': 2}", "set {2, 3}"]


def test_a_thread_that_waits_says_what_for_and_one_that_has_ended_has_no_stack() -> None:
    def notes(picture: Picture) -> list[str]:
        return [area.note for area in picture.areas if area.kind == "stack"]

    def quiet() -> None:
        thread = spawn(int)
        take("spawned")
        thread.join()
        take("joined")

    assert [notes(p)[1] for p in pictures(quiet)] == ["has not begun", "has ended: its stack is gone"]

    def waiting() -> None:
        lock = Mutex("m")
        lock.acquire()

        def want() -> None:
            lock.acquire()
            lock.release()

        threads = [spawn(want), spawn(sleep, 1)]
        sched_yield()
        take()
        lock.release()
        for thread in threads:
            thread.join()

    (picture,) = pictures(waiting)
    assert notes(picture) == ["runs, and looks", "waits for Mutex 'm'", "waits for its sleep to end"]


def test_names_stand_in_the_order_of_the_text_and_equal_things_have_numbers() -> None:
    def main() -> None:
        zebra, captured = [1], [1]
        spawn(lambda: captured)
        apple = captured
        middle = 1
        take()
        del zebra, apple, middle

    (picture,) = pictures(main)
    assert frames(picture, "main") == [("main()", ["zebra", "captured", "apple", "middle"])]
    assert leads(picture, "main", "zebra") == "list [1] #1 on the heap"
    assert leads(picture, "main", "apple") == "list [1] #2 on the heap"


def test_a_comprehension_has_no_frame_on_any_python() -> None:
    def main() -> None:
        threads = [spawn(take, "inside") for _ in range(1)]
        [thread.join() for thread in threads]

    (picture,) = pictures(main)
    assert [title for title, _ in frames(picture, "main")] == ["main()"]


def test_only_so_many_frames_and_moments_are_kept() -> None:
    def down(n: int) -> None:
        if n:
            down(n - 1)
        else:
            for _ in range(MOMENTS_MOST + 5):
                take()

    seen = pictures(lambda: down(50))
    assert len(seen) == MOMENTS_MOST
    assert len(frames(seen[0], "main")) == FRAMES_MOST


def test_each_run_begins_with_no_pictures() -> None:
    assert len(pictures(two_append)) == 1
    assert len(pictures(two_append)) == 1


def test_equal_runs_give_equal_pictures() -> None:
    def forms() -> Any:
        run(two_append)
        return take()._repr_mimebundle_()

    assert forms() == forms()


def test_looking_changes_no_schedule() -> None:
    def program(seen: Callable[[], None]) -> Callable[[], None]:
        def main() -> None:
            def work() -> None:
                sched_yield()
                seen()
                sched_yield()

            for thread in [spawn(work), spawn(work)]:
                thread.join()

        return main

    assert str(run(program(take)).schedule) == str(run(program(lambda: None)).schedule)


def test_many_threads_of_the_operating_system_are_looked_at_while_they_run() -> None:
    def main() -> int:
        box: list[int] = []

        def work() -> None:
            for i in range(200):
                box.append(i)
                if i % 50 == 0:
                    take("working")

        for thread in [spawn(work) for _ in range(4)]:
            thread.join()
        return len(box)

    assert run(main, Pthread("free")).result == 800
    assert 1 <= len(take().pictures) <= MOMENTS_MOST


def test_it_looks_while_a_timer_preempts() -> None:
    def main() -> int:
        box: list[int] = []

        def work() -> None:
            for i in range(2000):
                box.append(i * i)
                box.sort()
            take("done")

        for thread in [spawn(work) for _ in range(3)]:
            thread.join()
        return len(box)

    assert run(main, "preemptive", timeslice_ms=0.5).result == 6000
    assert len(take().pictures) == 3


def test_explore_may_look_too() -> None:
    def main() -> None:
        def work() -> None:
            take("here")

        spawn(work).join()

    assert explore(main).passed
    (picture,) = take().pictures
    assert not any(f.cell and f.cell.name.startswith("_lk") for f in picture.all())


def test_without_a_picture_look_says_where_to_write_it() -> None:
    code = "from labkit.errors import LabError\nfrom labkit.look import look\ntry: look()\nexcept LabError as e: print(e)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.startswith('look(): there is no picture yet. Write look("a few words") inside the program')
    assert issubclass(LabError, Exception)
