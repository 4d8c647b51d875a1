"""The dmesg view: every text is labkit's dmesg, packed, asked for, or grown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from labkit.dmesg import dmesg, dmesg_options
from labkit.errors import LabError
from labkit.kmsg import Record
from labkit.views import Dmesg
from labkit.views.dmesg import FORMS, LEVELS, PAGE_MAX_RECORDS, SHOWN, WHO

RECORDS = [
    Record(6, 0, 1, 1_364_787, "-", "two\nlines"),
    Record(4, 1, 2, 1_449_007, "-", "é \x1b[31m"),
    Record(3, 0, 3, 75_000_000, "-", ""),
    Record(3, 0, 4, 75_000_001, "-", "again"),
    Record(7, 0, 5, 75_000_002, "c", "again"),
]


def unpacked(data: dict[str, Any], which: int) -> str:
    """What dmesg.js makes of a packed text."""
    flat = data["lines"][data["which"][which]]
    return "".join(f"{data['prefixes'][p]}{data['bodies'][b]}\n" for p, b in zip(flat[::2], flat[1::2], strict=True))


def test_every_packed_text_is_what_dmesg_prints() -> None:
    data = json.loads(Dmesg(RECORDS, boot_time_s=1_767_225_600.0).data())
    choices = [(form, levels, who) for form in FORMS for levels in LEVELS for who in WHO]
    assert len(data["which"]) == len(choices)
    for i, (form, levels, who) in enumerate(choices):
        options = dmesg_options(f"{form} {f'-l {levels}' if levels else ''} {who}")
        assert unpacked(data, i) == dmesg(RECORDS, boot_time_s=1_767_225_600.0, **options)


def test_text_twin_shows_the_command_and_its_output() -> None:
    assert Dmesg(RECORDS[:1], "-x").text() == (
        "dmesg: 1 record\n$ dmesg -x\nkern  :info  : [    1.364787] two\n                              lines"
    )


def test_any_command_line_may_be_given_and_a_wrong_one_is_told_at_once() -> None:
    assert json.loads(Dmesg(RECORDS, "--level=err,warn -xT").data())["picked"] >= 0
    assert json.loads(Dmesg(RECORDS, "-p -l crit").data())["picked"] == -1
    for wrong in ("-q", "-l loud", "-r -x"):
        with pytest.raises(LabError):
            Dmesg(RECORDS, wrong)


def test_a_question_is_answered_with_the_text_and_remembered() -> None:
    view = Dmesg(RECORDS)
    assert view.reply("5 -x -l err,warn") == dmesg(RECORDS, decode=True, levels="err,warn")
    assert view.text().splitlines()[1] == "$ dmesg -x -l err,warn"


def test_a_live_picture_grows_and_answers() -> None:
    pytest.importorskip("anywidget", reason="anywidget is not installed: pip install labkit[course]")
    view = Dmesg()
    widget = view.live()
    view.add(RECORDS[:1])
    assert json.loads(widget.data)["text"] == dmesg(RECORDS[:1])
    widget.ask = "1 -x"
    assert json.loads(widget.answer) == ["1 -x", dmesg(RECORDS[:1], decode=True)]
    view.add(RECORDS[1:])
    assert json.loads(widget.data)["text"] == dmesg(RECORDS, decode=True)


def test_growing_does_not_change_the_height() -> None:
    view = Dmesg()
    before = view.height
    view.add(RECORDS * 20)
    assert view.height == before


def test_a_flood_is_shown_by_its_end_and_counted() -> None:
    flood = [Record(6, 0, i, i, "-", f"line {i}") for i in range(20_000)]
    view = Dmesg(flood)
    assert not view.fits_a_page
    assert len(flood) > SHOWN > PAGE_MAX_RECORDS
    assert view.describe() == f"20,000 records, the newest {SHOWN} shown"
    assert len(view.data()) < 60_000
    assert view.text().splitlines()[-1].endswith("line 19999")
