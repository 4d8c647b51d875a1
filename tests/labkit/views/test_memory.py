"""The memory view: where cards stand, what the text twin says, and what is kept from stored forms."""

from __future__ import annotations

import json
import re
from itertools import combinations, pairwise

import pytest

from labkit.memory import Area, Box, Cell, Picture
from labkit.views.base import AWKWARD
from labkit.views.cards import COLUMNS, NARROW, SHARED, THREADS_DRAWN, TOP, WIDE, Cards, Item
from labkit.views.memory import Memory, sample
from labkit.views.ways import arrows, bar

SIZES = [sample("x", n) for n in (1, 2, 3, 5, 8, 20)]


def drawn(picture: Picture, wide: int = WIDE) -> list[Item]:
    return Cards(picture, wide).items


def cards(picture: Picture) -> list[Item]:
    return [item for item in drawn(picture) if item.level == 0]


@pytest.mark.parametrize("picture", SIZES, ids=lambda p: f"{len(p.threads)} threads")
@pytest.mark.parametrize("wide", [WIDE, NARROW])
def test_no_two_cards_overlap_and_all_stand_inside(picture: Picture, wide: int) -> None:
    for one, other in combinations([item for item in drawn(picture, wide) if item.level == 0], 2):
        apart = one.column != other.column or one.y + one.tall <= other.y or other.y + other.tall <= one.y
        assert apart, f"{one.name} and {other.name}"
    for item in drawn(picture, wide):
        assert item.x >= 0
        assert item.x + item.wide <= wide
        assert item.y >= TOP
        assert item.y + item.tall <= Cards(picture, wide).tall


@pytest.mark.parametrize("picture", SIZES, ids=lambda p: f"{len(p.threads)} threads")
@pytest.mark.parametrize("wide", [WIDE, NARROW])
def test_the_address_space_has_room_for_every_stretch(picture: Picture, wide: int) -> None:
    segments = bar(Cards(picture, wide), wide)
    assert segments[-1].name == "main"
    assert all(a.x + a.wide <= b.x for a, b in pairwise(segments))
    assert segments[-1].x + segments[-1].wide <= wide
    assert min(s.wide for s in segments) >= 20


def test_both_layouts_have_the_same_items_in_the_same_order() -> None:
    for picture in SIZES:
        assert [item.key for item in drawn(picture)] == [item.key for item in drawn(picture, NARROW)]


@pytest.mark.parametrize("picture", SIZES, ids=lambda p: f"{len(p.threads)} threads")
def test_frames_and_variables_stand_in_their_card_one_below_the_other(picture: Picture) -> None:
    card, below = drawn(picture)[0], 0
    for item in drawn(picture):
        if item.level == 0:
            card, below = item, item.y
            continue
        assert item.column == card.column
        assert below <= item.y
        assert item.y + item.tall <= card.y + card.tall
        below = item.y + (17 if item.level == 1 else item.tall)


def test_stacks_stand_outside_and_what_is_shared_in_the_middle() -> None:
    for item in cards(SIZES[2]):
        assert (item.column == SHARED) == (item.mark != "private")
    assert COLUMNS[WIDE][0][0] + COLUMNS[WIDE][0][1] < COLUMNS[WIDE][1][0]


def test_more_threads_than_have_room_are_counted() -> None:
    names = [item.name for item in cards(sample("x", 20))]
    assert f"and {21 - THREADS_DRAWN} more threads" in names
    assert len([name for name in names if name.startswith("stack of")]) == THREADS_DRAWN
    assert "stack of main" in names


def test_threads_that_show_something_are_drawn_first() -> None:
    picture = sample("x", 20)
    for area in picture.areas[1:12]:
        area.boxes.clear()
    names = [item.name for item in cards(picture)]
    assert {"stack of main", "stack of L", "stack of S"} <= set(names)
    assert "stack of A" not in names


def test_every_pointer_to_something_drawn_has_an_arrow() -> None:
    laid = Cards(SIZES[1])
    assert {(a.start, a.end) for a in arrows(laid)} == {(i.key, i.to) for i in laid.items if i.to}
    assert {a.mark for a in arrows(laid) if a.end == "bss 0 1"} == {"shared"}


@pytest.mark.parametrize("wide", [WIDE, NARROW])
def test_arrows_stay_inside_the_picture(wide: int) -> None:
    boxes = [Box("heap 1", "list", [Cell("heap 1 1", "[0]", to="heap 2")]), Box("heap 2", "dict")]
    picture = sample("x", 8)
    picture.areas.append(Area("heap2", "heap", "heap", boxes=boxes))
    laid = Cards(picture, wide)
    assert any(arrow.start == "heap 1 1" for arrow in arrows(laid))
    for arrow in arrows(laid):
        across = [int(x) for x in re.findall(r"(?:[MHQ]|[MCQ ])(-?\d+) -?\d+", arrow.path)]
        assert min(across) > 0
        assert max(across) < wide


def test_text_twin_says_where_each_pointer_leads_and_who_shares() -> None:
    text = Memory([sample("x")]).text()
    assert text.splitlines()[0] == "stack and heap: 3 threads, 7 variables, 1 of them shared"
    assert "  stack of A: 1 guard page below it" in text
    assert "      p → counter in .bss" in text
    assert "    deeper(), has returned" in text
    assert "      up → x in work(), 1 frame up" in text
    assert "    counter = 7, shared by main, A and B" in text


def test_many_threads_are_counted_and_hide_nothing_that_is_shared() -> None:
    text = Memory([sample("x", 200)]).text()
    assert "  … and 192 more threads" in text
    assert "    counter = 7, shared by main, A, B, C, D, E and 195 more" in text
    assert len(text.splitlines()) < 60


def test_a_pointer_into_a_frame_that_has_returned_says_so() -> None:
    inner = Box("s 2", "f()", [Cell("s 2 1", "local", "5")], gone=True)
    picture = Picture(
        [Area("s", "stack", "stack of A", "A", [Box("s 1", "main()", [Cell("s 1 1", "p", to="s 2 1")]), inner])], ["A"]
    )
    assert "p → local in f(), a frame further down, which has returned" in Memory([picture]).text()
    assert [arrow.mark for arrow in arrows(Cards(picture))] == ["gone"]


def test_a_long_name_is_cut_and_its_value_stays() -> None:
    cell = Cell("s 1 1", "a_very_long_name_of_a_variable_that_nobody_would_type", "123456")
    picture = Picture([Area("s", "stack", "stack of A", "A", [Box("s 1", "main()", [cell])])], ["A"])
    name, value = Memory([picture]).pack()["pictures"][0]["layouts"][0]["places"][2][-2:]
    assert name.endswith("…")
    assert value == "123456"
    assert len(name + value) <= 30


def test_details_go_to_who_asks_and_into_no_stored_form() -> None:
    view = Memory([sample("x")])
    assert json.loads(view.reply("details"))[0]["bss 0 1"] == "0x5555, 4 bytes"
    assert not any("0x5555" in text for text in view._repr_mimebundle_()[0].values())


def test_the_height_is_that_of_the_tallest_moment() -> None:
    small, large = sample("x", 1), sample("x", 6)
    assert Memory([small, large]).height == Memory([large, small]).height == Memory([large]).height > Memory([small]).height


def test_the_still_picture_shows_the_moment_with_most_in_it() -> None:
    view = Memory([Picture(moment="before"), sample("x"), Picture(moment="after")])
    assert view.start == 1
    assert "stack of A" in view.svg()
    assert [line for line in view.text().splitlines() if line.startswith("moment")] == [
        "moment 1: before",
        "moment 2",
        "moment 3: after",
    ]


def test_awkward_names_are_no_tags() -> None:
    assert "</script><b>" not in Memory([sample(AWKWARD)]).svg()


def test_a_picture_is_searched_by_name_and_by_key() -> None:
    picture = sample("x")
    assert [f.area.thread for f in picture.find("x")] == ["main", "A", "B"]
    found = picture.at("bss 0 1")
    assert found
    assert found.cell
    assert found.cell.name == "counter"
    assert picture.at("no such key") is None
    assert picture.where("no such key") == "nowhere"
    assert picture.where("stack A") == "stack of A"
    assert picture.where("stack A 1 1", "stack A 1 2") == "x in work(), the same frame"
