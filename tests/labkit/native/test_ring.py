"""The ring of events: several processors and signal handlers write into it at once, and every event is whole."""

from __future__ import annotations

import re

import pytest

from labkit.native import NativeRun, run
from labkit.native.recording import RING_AT
from tests.labkit.native.programs import RING, main

pytestmark = pytest.mark.requires("cc", "linux")
WHOLE = re.compile(r"(\d{8})([a-z])\2{253}(\d{8})")
HEADER = '#include "record.h"\n'


def remarks(done: NativeRun) -> dict[str, list[int]]:
    """Letter of each thread → the numbers of its remarks that were kept, in order; each of them is whole."""
    assert done.verdict() == ""
    seen: dict[str, list[int]] = {}
    for event in done.trace.of("note"):
        whole = WHOLE.fullmatch(event.text)
        assert whole is not None, event.text
        assert whole[1] == whole[3]
        assert ord(whole[2]) - ord("a") == event.tid - 2
        seen.setdefault(whole[2], []).append(int(whole[1]))
    return seen


@pytest.mark.parametrize(("machine", "timer_us"), [("uthread-preemptive", 40), ("pthread", 1000)])
def test_no_event_is_lost_while_there_is_room(machine: str, timer_us: int) -> None:
    done = run(RING, machine, timer_us=timer_us, stdin="8 3000", events=1 << 16)
    assert done.trace.lost == 0
    assert remarks(done) == {letter: list(range(3000)) for letter in "abcdefgh"}


@pytest.mark.parametrize(("machine", "timer_us"), [("uthread-preemptive", 40), ("pthread", 1000)])
@pytest.mark.parametrize("events", [8, 64, 1024])
def test_a_ring_that_overflows_keeps_whole_events_and_the_newest(machine: str, timer_us: int, events: int) -> None:
    done = run(RING, machine, timer_us=timer_us, stdin="8 20000", events=events)
    assert done.trace.lost >= 8 * 20000 - events
    for numbers in remarks(done).values():
        assert numbers == list(range(numbers[0], numbers[-1] + 1))  # nothing in between is missing


def test_an_event_in_the_middle_of_which_the_program_ended_is_left_out() -> None:
    body = 'uthread_note("before"); record(NOTE, 1)->text[0] = 0; uthread_note("after"); _exit(0);'
    done = run(HEADER + main(body))
    assert [event.text for event in done.trace.of("note")] == ["before", "after"]


def test_who_was_held_up_until_the_others_came_round_spoils_no_event_of_theirs() -> None:
    body = (
        "struct event *held = record(NOTE, 1); char text[9];"
        'for (int i = 0; i < 20; i++) { sprintf(text, "%d", i); uthread_note(text); }'
        'sprintf(held->text, "late"); publish(held); return 0;'
    )
    texts = [event.text for event in run(HEADER + main(body), events=8).trace.of("note")]
    assert texts == [str(i) for i in range(20 - len(texts), 20)]
    assert len(texts) >= 5  # one place is held up, one is main's end


def test_who_never_ends_its_event_holds_nobody_up() -> None:
    body = 'for (int i = 0; i < 4; i++) record(NOTE, 1); for (int i = 0; i < 100; i++) uthread_note("on"); return 0;'
    assert run(HEADER + main(body), events=4).verdict() == ""
    assert "on" in {event.text for event in run(HEADER + main(body), events=16).trace.of("note")}


@pytest.mark.parametrize("machine", ["uthread", "pthread"])
@pytest.mark.parametrize("what", ["rand()", "0xff", "i"])
def test_a_recording_that_was_scribbled_over_is_read_as_far_as_it_makes_sense(machine: str, what: str) -> None:
    scribble = (
        "static void scribble(void) { srand(7); volatile unsigned char *all = (void *)rec;"
        f" for (unsigned i = 0; i < 400000; i++) all[(rand() * 31u + rand()) % ({RING_AT} + 60 * 384)] = {what}; }}"
    )
    done = run(HEADER + main("scribble(); _exit(0);", scribble), machine, events=64)
    assert done.exit == 0
    everything = (done.trace, done.switches, done.places, done.maps, done.stacks, done.backtraces, done.voluntary)
    assert all(thing is not None for thing in everything)
    assert isinstance(str(done), str)
    assert isinstance(done.timeline().text(), str)


def test_a_second_run_on_the_same_memory_begins_with_an_empty_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labkit.native.syscalls.BEGINS", "a line that no log has")
    done = run(RING, stdin="2 50", events=1 << 10, count_syscalls=True)
    assert remarks(done) == {"a": list(range(50)), "b": list(range(50))}
