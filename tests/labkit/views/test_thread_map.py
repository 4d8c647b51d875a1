"""The thread map: every card has one place, and the answers are told only when they are asked for."""

from __future__ import annotations

from itertools import pairwise

import pytest

from labkit.errors import LabError
from labkit.views.thread_cards import CARDS, PLACES, USUAL, Card
from labkit.views.thread_map import EMPTY, thread_map

RIGHT = {
    "kernel/user": {"pthread", "main-thread", "pid-1", "python-thread", "carrier"},
    "program/user": {"greenlet", "asyncio-task", "uthread", "goroutine", "virtual-thread"},
    "kernel/kernel": {"kworker", "kswapd", "kthreadd", "io-uring-worker"},
    "program/kernel": set(),
    "none": {"interrupt-handler", "signal-handler"},
}


def test_every_card_has_the_place_that_the_course_teaches() -> None:
    found = {place: {card.id for card in CARDS.values() if card.place == place} for place in PLACES}
    assert found == RIGHT


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.id)
def test_a_card_tells_one_truth_and_where_it_stands(card: Card) -> None:
    assert card.truth.endswith(".")
    assert len(card.truth) <= 150
    assert card.source


def test_where_two_schedulers_are_the_card_is_told_by_both() -> None:
    """M:N is the hard case: the reason names the runtime that picks the thread and the kernel that picks what is below it."""
    for id in ("goroutine", "virtual-thread"):
        assert CARDS[id].truth.startswith("M:N")
        assert "kernel" in CARDS[id].truth
    assert CARDS["carrier"].place == "kernel/user"


def test_thirteen_cards_lie_on_the_table_and_neighbours_differ() -> None:
    assert len(USUAL) == 13
    places = [CARDS[id].place for id in USUAL]
    assert all(a != b for a, b in pairwise(places))


def test_the_text_tells_no_answer_unless_it_is_solved() -> None:
    asked, solved = thread_map().text(), thread_map(solved=True).text()
    for card in thread_map().cards:
        assert card.truth[:50] not in asked.replace("\n  ", " ")
        assert card.truth[:50] in solved.replace("\n  ", " ")
    assert EMPTY in solved
    assert EMPTY not in asked


def test_what_lies_somewhere_is_said_rightly_placed_or_not() -> None:
    lines = thread_map(["pthread", "kworker"], placed={"pthread": "kernel/kernel"}).text().splitlines()
    assert "[the kernel schedules it, runs inside the kernel] pthread" in lines
    assert "[not placed yet] kworker" in lines


def test_a_few_cards_say_nothing_of_an_empty_field() -> None:
    assert EMPTY not in thread_map(["pthread", "greenlet", "kworker"], solved=True).text()


def test_own_cards_are_dealt_with_the_others() -> None:
    own = Card("gevent", "gevent's greenlet", "program", "user", "Its hub picks the next one.", "gevent, introduction")
    shown = thread_map([own, "pthread"], solved=True)
    assert [card.place for card in shown.cards] == ["program/user", "kernel/user"]
    assert "Its hub picks the next one. (gevent, introduction)" in shown.text()


@pytest.mark.parametrize(
    ("cards", "placed", "says"),
    [
        (["fiber"], {}, "there is no card 'fiber'; there are greenlet, pthread"),
        (["pthread", "pthread"], {}, "the card 'pthread' is there twice"),
        (["pthread"], {"pthread": "moon"}, "one of kernel/user, program/user"),
        (["pthread"], {"kworker": "none"}, "a card of this map"),
    ],
)
def test_what_cannot_be_laid_out_is_named(cards: list[str], placed: dict[str, str], says: str) -> None:
    with pytest.raises(LabError, match=says):
        thread_map(cards, placed=placed)


def test_a_card_that_belongs_nowhere_is_named() -> None:
    with pytest.raises(LabError, match="who is one of kernel, program, nobody"):
        Card("x", "x", "the moon", "user")
