"""Where things lie: real addresses against /proc/self/maps, on our own threads and on the operating system's."""

from __future__ import annotations

from itertools import pairwise

import pytest

from labkit.native import NativeRun, run
from labkit.native.regions import KINDS
from tests.labkit.native.programs import MACHINES, MAPS, main

pytestmark = pytest.mark.requires("cc", "linux")


@pytest.fixture(params=MACHINES)
def done(request: pytest.FixtureRequest) -> NativeRun:
    """The program that shows its variables, on each machine."""
    return run(MAPS, request.param)


def test_every_variable_lies_where_its_kind_lies(done: NativeRun) -> None:
    assert done.verdict() == ""
    kinds = {(p.thread, p.name): p.region and (p.region.kind, p.region.thread) for p in done.places}
    everybodys = {"constant": "rodata", "begun": "data", "zero": "bss", "made": "heap", "work": "text"}
    assert {name: kinds["main", name] for name in everybodys} == {name: (kind, "") for name, kind in everybodys.items()}
    assert kinds["main", "mains"] == ("stack", "main")
    assert kinds["A", "local"] == ("stack", "A")
    assert kinds["B", "local"] == ("stack", "B")
    whose = {"A": "A", "B": "B"} if done.machine == "pthread" else {"A": "main", "B": "main"}
    assert {t: kinds[t, "own"] for t in "AB"} == {t: ("tls", whose[t]) for t in "AB"}


def test_shared_is_shared_and_own_is_own(done: NativeRun) -> None:
    """Thread-local means local to a thread of the operating system: N:1 threads all share one."""
    address = {(p.thread, p.name): p.address for p in done.places}
    assert len({address[t, "begun"] for t in ("main", "A", "B")}) == 1
    assert len({address[t, "local"] for t in "AB"}) == 2
    assert len({address[t, "own"] for t in ("main", "A", "B")}) == (3 if done.machine == "pthread" else 1)


def test_regions_stand_in_order_and_do_not_overlap(done: NativeRun) -> None:
    assert all(a.end <= b.start for a, b in pairwise(done.maps))
    assert {r.kind for r in done.maps} <= set(KINDS)
    assert {"text", "rodata", "data", "bss", "heap", "stack", "guard", "tls", "library", "kernel"} <= {r.kind for r in done.maps}


def test_below_every_stack_lies_a_page_that_nobody_may_touch(done: NativeRun) -> None:
    assert [s.thread for s in done.stacks] == ["main", "A", "B"]
    for stack in done.stacks[1:]:
        guard = done.region(stack.low - 1)
        assert guard is not None
        assert (guard.kind, guard.thread, guard.perms) == ("guard", stack.thread, "---p")
        assert guard.end - guard.start == stack.guard_bytes == 4096
        below = done.region(stack.low)
        assert below is not None
        assert (below.kind, below.thread, below.perms) == ("stack", stack.thread, "rw-p")


def test_a_stack_knows_how_much_of_it_was_used() -> None:
    deep = "static int down(int n) { volatile char room[1000]; room[n] = n; return n ? down(n - 1) + room[0] : 0; }"
    deep += " static void *work(void *arg) { return (void *)(long)down((long)arg); }"
    body = "uthread_t a = uthread_create(0, work, (void *)2), b = uthread_create(0, work, (void *)40);"
    done = run(main(body + "uthread_join(a); uthread_join(b); return 0;", deep))
    used = {s.thread: s.used_bytes for s in done.stacks}
    assert 2_000 < used["A"] < 16_000
    assert 37_000 < used["B"] - used["A"] < 44_000


def test_another_size_of_stack_is_what_the_thread_gets() -> None:
    body = "uthread_stack_bytes = 300000; uthread_t a = uthread_create(0, work, 0); uthread_join(a); return 0;"
    for machine in MACHINES:
        stack = run(main(body, "static void *work(void *arg) { return arg; }"), machine).stacks[1]
        assert 299_000 - 8192 <= stack.high - stack.low <= 304 << 10


def test_addresses_are_the_same_in_every_run() -> None:
    runs = [run(MAPS), run(MAPS)]
    assert [p[:4] for p in runs[0].places] == [p[:4] for p in runs[1].places]


def test_maps_show_the_moment_that_the_program_asked_for() -> None:
    body = "char *p = malloc(50 << 20); p[1] = 1; uthread_show_maps(); UTHREAD_SHOW(*p); free(p); return 0;"
    (place,) = run(main(body)).places
    assert place.region is not None
    assert place.region.end - place.region.start >= 50 << 20
