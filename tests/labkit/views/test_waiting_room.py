"""The waiting room: it obeys the rules of labkit's own Condition, says what happened, and lets nobody do what cannot be."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from labkit import Condition, Semaphore, explore, spawn
from labkit.errors import LabError
from labkit.explore.verdict import Verdict
from labkit.views import WaitingRoom
from labkit.views.waiting_rules import ASLEEP, COOK, FED, HOLDS, SERVES, WAKES_ALL, WOKEN, Room

Ends = set[tuple[str, frozenset[str]]]
"""How it can end: "all have eaten", or "asleep" and who, or "broken"."""

STOLEN = "Ann Ann serve Bob Bob Ann"

USUAL = """\
waiting room: while, 6 steps, asleep: nobody, lock: Ann
Ann takes the lock again: wait() returns.

plates on the table: 0
outside       -
has the lock  Ann
asleep        -
woken         -
has eaten     Bob

step  what happened
   1  Ann takes the lock
   2  Ann finds no plate: it gives up the lock and falls asleep, in one step
   3  a plate is on the table; this wakes Ann
   4  Bob takes the lock
   5  Bob takes a plate, gives the lock back and leaves
   6  Ann takes the lock again: wait() returns"""


def ends_of_the_room(room: Room, script: list[str], startles: frozenset[str] = frozenset()) -> Ends:
    """Every order of the guests' steps and the cook's script; `startles` are guests that may still wake for nothing."""
    if room.failure:
        return {("broken", frozenset())}
    moves = [name for name in room.where if not room.hinders(name)]
    moves += script[:1] if script and not room.hinders(script[0]) else []
    moves += ["spurious"] if room.asleep and room.asleep[0] in startles else []
    ends: Ends = set()
    for move in moves:
        then = copy.deepcopy(room)
        left = startles - {room.asleep[0]} if move == "spurious" else startles
        then.play(move)
        ends |= ends_of_the_room(then, script[1:] if move in script[:1] else script, left)
    stays = {name for name, place in room.where.items() if place == ASLEEP}
    if not script and all(place in (ASLEEP, FED) for place in room.where.values()):
        ends.add(("asleep", frozenset(stays)) if stays else ("all have eaten", frozenset()))
    return ends


def party(guests: list[str], again: bool, script: list[str]) -> Callable[[], None]:
    """The same with labkit's own Condition."""

    def main() -> None:
        bell = Condition(name="bell")
        table: list[str] = []

        def guest() -> None:
            with bell:
                if again:
                    while not table:
                        bell.wait()
                elif not table:
                    bell.wait()
                table.pop()

        threads = [spawn(guest, name=name) for name in guests]
        for move in script:
            with bell:
                if move in SERVES:
                    table.append("plate")
                if move in WAKES_ALL:
                    bell.notify_all()
                elif move != "put":
                    bell.notify()
        for thread in threads:
            thread.join()

    return main


def ends_of(verdict: Verdict) -> Ends:
    """The same ends, as explore() found them."""
    ends: Ends = {("all have eaten", frozenset())} if None in verdict.outcomes else set()
    for failure in verdict.failures:
        if failure.kind == "exception":
            ends.add(("broken", frozenset()))
        else:
            error: Any = failure.error
            ends.add(("asleep", frozenset({each.thread for each in error.blocked} - {"main"})))
    return ends


@pytest.mark.parametrize("again", [True, False], ids=["while", "if"])
@pytest.mark.parametrize("script", ["serve serve", "serve put", "put notify", "put put notify_all", "serve_all", "notify serve"])
def test_the_room_can_end_in_the_ways_in_which_a_program_with_a_condition_can(again: bool, script: str) -> None:
    guests, moves = ["Ann", "Bob"], script.split()
    room = ends_of_the_room(Room(guests, again), moves)
    assert room == ends_of(explore(party(guests, again, moves)))
    assert room


@pytest.mark.parametrize("times", [1, 2])
def test_a_semaphore_in_the_room_ends_as_labkits_own_does(times: int) -> None:
    def main() -> None:
        permits = Semaphore(0)
        threads = [spawn(permits.acquire, name=name) for name in ("Ann", "Bob")]
        for _ in range(times):
            permits.release()
        for thread in threads:
            thread.join()

    room = ends_of_the_room(Room(["Ann", "Bob"], semaphore=True), ["release"] * times)
    assert room == ends_of(explore(main))
    assert len(room) == 3 - times


def test_a_semaphore_remembers_and_what_it_gives_to_a_sleeper_nobody_else_can_take() -> None:
    assert WaitingRoom("Ann", at="semaphore", steps="release Ann").room.over
    room = WaitingRoom("Ann Bob", at="semaphore", steps="Ann release Bob")
    assert room.room.where == {"Ann": WOKEN, "Bob": ASLEEP}
    assert "permits: 0" in room.text()


@pytest.mark.parametrize("again", [True, False], ids=["while", "if"])
def test_a_spurious_wake_up_does_what_it_does_in_an_exploration(again: bool) -> None:
    room = ends_of_the_room(Room(["Ann"], again), ["serve"], frozenset({"Ann"}))
    assert room == ends_of(explore(party(["Ann"], again, ["serve"]), spurious=True))
    assert (("broken", frozenset()) in room) is not again


def test_text_twin_tells_who_is_where_and_what_happened() -> None:
    assert WaitingRoom("Ann Bob", steps=STOLEN).text() == USUAL


@pytest.mark.parametrize(
    ("look", "steps", "kind", "says"),
    [
        ("while", "", "", "Nobody has come yet."),
        ("while", f"{STOLEN} Ann", "stuck", "Only the cook can wake them."),
        ("if", f"{STOLEN} Ann", "fail", "Ann takes a plate from an empty table"),
        ("while", "serve serve Ann Ann Bob Bob", "pass", "All have eaten."),
        ("while", "Ann Ann Bob Bob put", "stuck", "There is a plate, and they will never know of it."),
        (
            "while",
            "notify",
            "",
            "A notify, and nothing has changed; nobody is asleep, so nobody hears it, and it is not remembered",
        ),
        ("while", "Ann Ann spurious", "", "Ann wakes, although nobody has notified"),
    ],
)
def test_the_verdict_is_said_in_words(look: str, steps: str, kind: str, says: str) -> None:
    found, words = WaitingRoom("Ann Bob", look, steps).verdict()
    assert found == kind
    assert says in words


def test_who_has_slept_longest_is_woken_first_and_all_means_all() -> None:
    asleep = "Bob Bob Ann Ann Cid Cid "
    assert WaitingRoom(steps=asleep + "notify").room.asleep == ["Ann", "Cid"]
    room = WaitingRoom(steps=asleep + "notify_all").room
    assert room.asleep == []
    assert set(room.where.values()) == {WOKEN}


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ("Ann Bob", "Ann has the lock"),
        ("Ann serve", "Ann has the lock"),
        ("Ann Ann Ann", "Ann is asleep"),
        ("spurious", "nobody is asleep"),
        ("release", "a condition keeps no permits"),
        ("Dan", "there is no guest 'Dan'"),
        ("serve Ann Ann Ann", "Ann has eaten"),
    ],
)
def test_what_cannot_happen_is_refused_with_the_reason(steps: str, why: str) -> None:
    with pytest.raises(LabError, match=why):
        WaitingRoom("Ann Bob", steps=steps)


@pytest.mark.parametrize("guests", ["serve", ["Ann B"]])
def test_a_guest_has_a_name_that_steps_can_be_written_with(guests: Any) -> None:
    with pytest.raises(LabError, match="one word"):
        WaitingRoom(guests)


def test_look_is_one_of_two_words() -> None:
    with pytest.raises(LabError, match="'while' or with 'if'"):
        WaitingRoom(look="until")
    with pytest.raises(LabError, match="'condition' or at a 'semaphore'"):
        WaitingRoom(at="window")


def test_a_click_is_answered_and_a_click_too_many_changes_nothing() -> None:
    room = WaitingRoom("Ann Bob")
    for ask in ("1 go Ann", "2 go Ann", "3 serve", "4 go Ann"):
        assert room.reply(ask) == ""
    assert room.moves == ["Ann", "Ann", "serve", "Ann"]
    room.reply("5 go Bob")
    assert room.moves[-1] == "Ann", "Bob cannot take a lock that Ann has"
    room.reply("6 undo")
    assert room.room.where["Ann"] == WOKEN
    room.reply("7 restart")
    assert room.moves == []


def test_the_picture_knows_of_each_button_whether_it_may_be_pressed() -> None:
    data = json.loads(WaitingRoom("Ann Bob", steps="Ann").data())
    assert data["guests"] == [["Ann", HOLDS, "looks at the table", ""], ["Bob", "outside", "takes the lock", "Ann has the lock"]]
    assert {verb: why for verb, _, why in data["cook"]} | {"release": "Ann has the lock"} == dict.fromkeys(
        COOK, "Ann has the lock"
    ) | {"spurious": "nobody is asleep"}
