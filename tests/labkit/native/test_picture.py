"""The picture of a C program's memory: every variable where it must be, and the same on every machine."""

from __future__ import annotations

import re
import sys

import pytest

from labkit.memory import Picture
from labkit.native import NativeRun, run
from labkit.native.cc import Compiler
from labkit.native.picture import picture_of
from labkit.native.recorded import pack, unpack
from labkit.native.shows import shows
from labkit.views.base import View
from tests.labkit.native.programs import FOLDER, HEADERS, MACHINES

pytestmark = pytest.mark.requires("cc", "linux")
MEMORY = FOLDER / "memory.c"
WHERE = {
    "limit": "rodata", "begun": "data", "ratio": "data", "counter": "bss", "made": "bss", "*made": "heap", "own": "tls",
    "x": "stack", "nothing": "stack", "word": "stack", "function": "stack", "mine": "stack", "p": "stack", "local": "stack",
    "up": "stack", "after": "stack",
}  # fmt: skip


@pytest.fixture(params=MACHINES)
def done(request: pytest.FixtureRequest) -> NativeRun:
    return run(MEMORY, request.param)


def maps(done: NativeRun) -> list[tuple[int, int, str, str]]:
    """/proc/self/maps as it stands: start, end, permissions, path."""
    found = re.findall(r"^(\w+)-(\w+) (\S+) \S+ \S+ \d+ *(.*)$", done.recording.maps, re.MULTILINE)
    return [(int(start, 16), int(end, 16), perms, path) for start, end, perms, path in found]


def stored(view: View) -> dict[str, str]:
    bundle: dict[str, str] = view._repr_mimebundle_()[0]
    return bundle


def test_every_variable_lies_in_the_area_of_its_kind(done: NativeRun) -> None:
    assert done.verdict() == ""
    picture = picture_of(done)
    for name, kind in WHERE.items():
        found = picture.find(name)
        assert found, name
        assert {f.area.kind for f in found} == {kind}, name
    shown = {show.name for show in shows(done)}
    assert shown == {*WHERE, "*p"}
    assert {f.cell.name for f in picture.all() if f.cell} == set(WHERE), "*p is another name of x, not another variable"


def test_the_area_of_a_variable_is_what_proc_self_maps_says(done: NativeRun) -> None:
    program = str(done.program.path.resolve())
    for show in shows(done):
        start, end, perms, path = next(line for line in maps(done) if line[0] <= show.address < line[1])
        kind = "stack" if show.name == "*p" else WHERE[show.name]
        wanted = {"rodata": "r--p", "text": "r-xp"}.get(kind, "rw-p")
        assert perms == wanted, show.name
        if kind in ("rodata", "data"):
            assert path == program
        elif kind == "heap":
            assert path == "[heap]"
        elif kind == "stack" and (show.thread == "main" or show.name == "*p"):
            assert path == "[stack]"
        elif kind == "stack":
            low, high = next((t.stack_low, t.stack_high) for t in done.recording.threads if t.name == show.thread)
            assert low <= show.address < high
            assert max(start, low) < min(end, high)


def test_a_page_that_nobody_may_touch_ends_where_each_stack_begins(done: NativeRun) -> None:
    guards = {area.thread: area.guard_pages for area in picture_of(done).areas if area.kind == "stack"}
    assert guards == {"main": 0, "A": 1, "B": 1, "C": 1, "D": 1}
    for thread in done.recording.threads:
        if thread.name != "main":
            below = next(line for line in maps(done) if line[0] <= thread.stack_low - 1 < line[1])
            assert below[1] == thread.stack_low
            assert below[2] == "---p"


def test_each_call_is_a_frame_of_its_own(done: NativeRun) -> None:
    picture = picture_of(done)
    frames = {
        area.thread: [(box.title, box.gone, [cell.name for cell in box.cells]) for box in area.boxes]
        for area in picture.areas
        if area.kind == "stack"
    }
    assert frames["main"] == [("main()", False, ["x", "nothing", "word", "function"])]
    deeper = ("deeper()", False, ["local", "up"])
    assert frames["A"] == frames["B"] == [("work()", False, ["mine", "p"]), deeper, deeper, deeper]
    assert frames["C"] == [("returns()", False, ["after"]), ("deeper()", True, ["local", "up"])]
    assert frames["D"] == [("silent()", False, [])]


def test_a_pointer_leads_to_the_variable_in_its_frame(done: NativeRun) -> None:
    picture = picture_of(done)
    leads = [(f.area.thread, f.cell.name, picture.where(f.cell.to, f.cell.key)) for f in picture.all() if f.cell and f.cell.to]
    assert ("A", "p", "x in main(), the stack of main") in leads
    assert ("", "made", "*made on the heap") in leads
    assert ("C", "up", "begun in .data") in leads
    assert [where for thread, name, where in leads if thread == "A" and name == "up"] == [
        "mine in work(), 1 frame up",
        "local in deeper(), 1 frame up",
        "local in deeper(), 1 frame up",
    ]
    values = {f.cell.name: (f.cell.value, f.cell.to) for f in picture.all() if f.cell and f.area.thread in ("", "main")}
    assert values["function"] == ("work", "text")
    assert values["word"] == ("", "rodata")
    assert values["nothing"] == ("NULL", "")
    assert values["ratio"] == ("0.5", "")


def test_what_is_shared_is_one_variable_and_what_is_not_is_many(done: NativeRun) -> None:
    picture = picture_of(done)
    (counter,) = picture.find("counter")
    assert counter.cell
    assert counter.cell.shared_by == ("main", "A", "B")
    (x,) = picture.find("x")
    assert x.cell
    assert (x.cell.shared_by, x.cell.also) == (("main", "A", "B"), ("*p",))
    assert [f.area.thread for f in picture.find("mine")] == ["A", "B"]
    own = picture.find("own")
    assert [f.area.thread for f in own] == (["main", "A", "B"] if done.machine == "pthread" else [""])


def test_stored_forms_have_no_address_and_are_the_same_wherever_the_program_lies(done: NativeRun) -> None:
    elsewhere = run(MEMORY, done.machine, fixed_addresses=False)
    assert stored(elsewhere.memory()) == stored(done.memory())
    for text in stored(done.memory()).values():
        assert not re.search(r"[0-9a-f]{9,}", text), "an address"


@pytest.mark.parametrize("flag", ["-O0", "-O2"])
def test_stored_forms_do_not_depend_on_what_the_compiler_makes_of_it(flag: str) -> None:
    assert stored(run(MEMORY, flags=(flag,)).memory()) == stored(run(MEMORY).memory())


@pytest.mark.requires("zig")
def test_stored_forms_do_not_depend_on_which_compiler_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    first = stored(run(MEMORY).memory())
    zig = Compiler((sys.executable, "-m", "ziglang", "cc", "-fno-sanitize=all"), "zig")
    monkeypatch.setattr("labkit.native.build.find_compiler", lambda: zig)
    assert stored(run(MEMORY).memory()) == first


def test_a_recorded_run_has_the_same_picture(done: NativeRun) -> None:
    assert stored(unpack(pack(done)).memory()) == stored(done.memory())


def test_addresses_are_told_to_who_asks() -> None:
    done = run(MEMORY)
    picture = picture_of(done)
    (x,) = picture.find("x")
    assert x.cell
    address = next(show.address for show in shows(done) if show.name == "x")
    assert picture.details[x.cell.key].startswith(f"{address:#x}, 4 bytes; maps: ")
    assert picture.details[x.cell.key].endswith("[stack]")
    assert "---p" in picture.details["stack A guard"]
    low, high = re.findall(r"0x(\w+)", picture.details["stack main"])
    assert int(low, 16) <= address < int(high, 16)


def test_a_variable_that_its_threads_saw_change_has_no_value() -> None:
    text = (
        HEADERS
        + """static int n;
static void *add(void *arg) { n++; UTHREAD_SHOW(n); return arg; }
int main(void) { UTHREAD_SHOW(n); uthread_t a = uthread_create("A", add, NULL); uthread_join(a); return 0; }
"""
    )
    assert [f.cell and f.cell.value for f in picture_of(run(text)).find("n")] == [""]
    again = text.replace("return 0;", "UTHREAD_SHOW(n); return 0;")
    assert [f.cell and f.cell.value for f in picture_of(run(again)).find("n")] == ["1"]


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_of_one_name_have_stacks_of_their_own(machine: str) -> None:
    text = (
        HEADERS
        + """static void *work(void *arg) { int local = (int)(long)arg; UTHREAD_SHOW(local); uthread_yield(); return arg; }
int main(void) {
    uthread_set_name(1, "boss");
    uthread_t a = uthread_create("worker", work, UTHREAD_ARG(1)), b = uthread_create("worker", work, UTHREAD_ARG(2));
    uthread_join(a), uthread_join(b);
    return 0;
}
"""
    )
    picture = picture_of(run(text, machine))
    assert picture.threads == ["boss", "worker", "worker-2"]
    assert [(f.area.thread, f.cell and f.cell.value) for f in picture.find("local")] == [("worker", "1"), ("worker-2", "2")]
    assert [box.title for box in picture.areas[0].boxes] == ["main()"]


def test_a_recursion_deeper_than_is_kept_has_a_frame_for_each_call() -> None:
    text = (
        HEADERS
        + """static void down(int n) { int local = n; UTHREAD_SHOW(local); if (n) down(n - 1); }
int main(void) { down(40); return 0; }
"""
    )
    (stack,) = [area for area in picture_of(run(text)).areas if area.kind == "stack"]
    assert [cell.value for cell in stack.cells] == [str(n) for n in range(40, -1, -1)]
    assert [box.title for box in stack.boxes] == ["main()"] + ["down()"] * 41


def test_a_program_that_shows_nothing_and_one_that_fails_have_pictures() -> None:
    empty = picture_of(run("int main(void) { return 0; }"))
    assert [area.kind for area in empty.areas] == ["stack", "library", "heap", "bss", "data", "rodata", "text"]
    failed: Picture = picture_of(
        run(HEADERS + "static void f(volatile int *p) { *p = 1; }\nint main(void) { f(NULL); return 0; }")
    )
    assert [box.title for box in failed.areas[0].boxes] == ["main()", "f()"]


@pytest.mark.parametrize("machine", MACHINES)
def test_an_address_in_the_guard_page_is_known_as_such(machine: str) -> None:
    text = (
        HEADERS
        + """static void *work(void *arg) {
    char local;
    for (long page = 1; page < 100; page++)
        uthread_show("down", &local - 4096 * page, 1);
    return arg;
}
int main(void) { uthread_join(uthread_create("A", work, NULL)); return 0; }
"""
    )
    done = run(text, machine)
    (guard,) = [f for f in picture_of(done).find("down") if f.area.kind == "guard"]
    assert guard.area.title == "guard page of A"


def test_an_address_by_hand_is_not_read() -> None:
    text = HEADERS + 'int main(void) { uthread_show("far", (void *)16, 8); UTHREAD_SHOW(*(char *)stdout); return 0; }'
    done = run(text)
    assert done.verdict() == ""
    assert [f.area.kind for f in picture_of(done).find("far")] == ["other"]
