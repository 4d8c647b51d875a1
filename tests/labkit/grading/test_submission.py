"""Folders, zip files and LMS downloads: everybody's work under their own name, and nothing that can harm the grader."""

from __future__ import annotations

import io
import os
import socket
import struct
import zipfile
from pathlib import Path

import pytest

from labkit.errors import LabError
from labkit.grading.notebookfile import NotReadable
from labkit.grading.submission import Submission, collect

BOOK = b'{"cells": [], "metadata": {}}'
NAME = "06_races.ipynb"


def put(root: Path, *paths: str, data: bytes = BOOK) -> Path:
    """A folder with these files in it."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def trouble(each: Submission) -> str:
    """Why it cannot be read; "" if it can."""
    try:
        each.read()
    except NotReadable as error:
        return str(error)
    return ""


LAYOUTS = {
    "folder per student": (["ada/" + NAME, "bob/" + NAME], ["ada", "bob"]),
    "flat": (["ada_" + NAME, "bob-" + NAME, "eve 06_races (1).ipynb"], ["ada", "bob", "eve"]),
    "moodle": (
        ["Ada Lovelace_12345_assignsubmission_file/" + NAME, "Ada Lovelace_777_assignsubmission_file_/06_races (1).ipynb"],
        ["Ada Lovelace (12345)", "Ada Lovelace (777)"],
    ),
    "moodle, flat": (["Ada Lovelace_12345_assignsubmission_file_" + NAME], ["Ada Lovelace (12345)"]),
    "canvas": (
        ["lovelaceada_LATE_123_456_06_races-1.ipynb", "turingalan_99_457_" + NAME],
        ["lovelaceada (123)", "turingalan (99)"],
    ),
    "nbgrader": (["submitted/ada/ps1/" + NAME, "submitted/bob/ps1/" + NAME], ["ada", "bob"]),
    "nbgrader, lesson as assignment": (["ada/06_races/" + NAME, "bob/06_races/" + NAME], ["ada", "bob"]),
    "lesson first": (["06_races/ada/" + NAME, "06_races/bob/" + NAME], ["ada", "bob"]),
    "classroom": (["lab-6-submissions/lab-6-ada/" + NAME, "lab-6-submissions/lab-6-bob/x/" + NAME], ["ada", "bob"]),
    "wrapped": (["hw1/ada/" + NAME, "hw1/bob/" + NAME], ["ada", "bob"]),
    "sections": (["s1/ada/" + NAME, "s1/bob/" + NAME, "s2/eve/" + NAME], ["ada", "bob", "eve"]),
    "same name in two sections": (
        [f"{student}/{NAME}" for student in ("s1/kim", "s1/ada", "s1/bob", "s2/kim", "s2/eve", "s2/fay")],
        ["ada", "bob", "eve", "fay", "s1 kim", "s2 kim"],
    ),
    "repository": (["ada/ada-main/work/" + NAME, "bob/bob-main/work/" + NAME], ["ada", "bob"]),
    "old copies": (["ada/" + NAME, "ada/old/" + NAME, "bob/" + NAME], ["ada", "ada", "bob"]),
    "nbgrader, two students": (
        ["ada/ps1/" + NAME, "ada/ps2/x.ipynb", "bob/ps1/" + NAME, "bob/ps2/x.ipynb"],
        ["ada", "ada", "bob", "bob"],
    ),
    "wrapped twice": (["a/b/ada/" + NAME, "a/b/bob/" + NAME], ["ada", "bob"]),
    "left over": (["ada/" + NAME, "ada/.ipynb_checkpoints/x.ipynb", "__MACOSX/ada/._" + NAME], ["ada"]),
}


@pytest.mark.parametrize(("paths", "students"), LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("as_zip", [False, True], ids=["folder", "zip"])
def test_everybody_is_found_under_their_own_name(tmp_path: Path, paths: list[str], students: list[str], as_zip: bool) -> None:
    place = put(tmp_path / "in", *paths)
    if as_zip:
        place = tmp_path / "class.zip"
        place.write_bytes(packed(*((path, BOOK) for path in paths)))
    found = collect([place])
    assert sorted(each.student for each in found) == sorted(students)
    assert {each.lesson for each in found} <= {0, 6}
    assert [each.read() for each in found] == [BOOK] * len(found)


def test_one_student_alone_is_called_by_the_file_or_the_folder(tmp_path: Path) -> None:
    put(tmp_path, f"ada/{NAME}")
    assert [each.student for each in collect([tmp_path / "ada"])] == ["ada"]
    assert [each.student for each in collect([tmp_path / "ada" / NAME])] == ["06_races"]


def test_gradescope_s_own_file_names_the_students(tmp_path: Path) -> None:
    put(tmp_path, f"submission_123/{NAME}", f"submission_9/{NAME}", f"submission_7/{NAME}")
    (tmp_path / "submission_metadata.yml").write_text(
        "---\nsubmission_123:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: '42'\n    :email: ada@x.org\n  :score: 3\n"
        "submission_9:\n  :submitters:\n  - :name: Bob\n  - :name: Eve\n"
    )
    assert [each.student for each in collect([tmp_path])] == ["Ada Lovelace (42)", "Bob", "submission_7"]


def test_attempts_are_numbered_by_their_time(tmp_path: Path) -> None:
    put(tmp_path, "ada/06_races.ipynb", "ada/06_races (1).ipynb", "ada/05_posix.ipynb", "bob/06_races.ipynb")
    os.utime(tmp_path / "ada" / NAME, (2e9, 2e9))
    found = [(each.student, each.lesson, each.number, Path(each.path).name) for each in collect([tmp_path])]
    assert found == [
        ("ada", 5, 1, "05_posix.ipynb"),
        ("ada", 6, 1, "06_races (1).ipynb"),
        ("ada", 6, 2, NAME),
        ("bob", 6, 1, NAME),
    ]


def test_who_hands_in_something_else_is_told_so(tmp_path: Path) -> None:
    put(tmp_path, f"Ada_1_assignsubmission_file_/{NAME}", "Ada_1_assignsubmission_onlinetext_/onlinetext.html")
    put(tmp_path, "Bob_2_assignsubmission_onlinetext_/onlinetext.html", "Eve_3_assignsubmission_file_/work.tar.gz")
    found = {each.student: trouble(each) for each in collect([tmp_path])}
    assert found == {
        "Ada (1)": "",
        "Bob (2)": "there is no notebook (.ipynb) in it, only onlinetext.html",
        "Eve (3)": "there is no notebook (.ipynb) in it, only work.tar.gz",
    }


def test_what_is_no_plain_file_is_never_opened(tmp_path: Path) -> None:
    put(tmp_path, f"ada/{NAME}")
    os.mkfifo(put(tmp_path, "bob/x") / "bob" / NAME)
    (tmp_path / "cyd").symlink_to("/")
    (tmp_path / f"dan_{NAME}").symlink_to(tmp_path / "ada" / NAME)
    (tmp_path / "eve" / NAME).mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listener:
        place = os.open(tmp_path, os.O_PATH)  # a socket's whole path has room for some 100 letters
        listener.bind(f"/proc/self/fd/{place}/fay_{NAME}")
        os.close(place)
        found = {each.student: trouble(each) for each in collect([tmp_path])}
    assert found["ada"] == ""
    assert "no plain file" in found["bob"]
    assert "no plain file" in found["fay"]
    assert "it is a folder" in found["eve"]
    assert "links are not followed" in found["cyd"]
    assert "links are not followed" in found["dan"]


def test_a_file_that_becomes_a_pipe_or_goes_away_blocks_nobody(tmp_path: Path) -> None:
    put(tmp_path, f"ada/{NAME}", f"bob/{NAME}", f"eve/{NAME}")
    ada, bob, eve = collect([tmp_path])
    for student in ("ada", "bob"):
        (tmp_path / student / NAME).unlink()
    os.mkfifo(tmp_path / "ada" / NAME)
    (tmp_path / "eve" / NAME).write_bytes(b" " * (33 << 20))
    assert "no plain file" in trouble(ada)
    assert "No such file" in trouble(bob)
    assert "33 MB" not in trouble(bob)
    assert "32 MB" in trouble(eve)


def test_a_file_of_200_mb_is_never_read(tmp_path: Path) -> None:
    put(tmp_path, f"ada/{NAME}")
    with (tmp_path / "ada" / NAME).open("r+b") as file:
        file.truncate(200 << 20)
    [ada] = collect([tmp_path])
    assert "200 MB" in ada.trouble


def test_folders_without_end_are_left_at_some_depth(tmp_path: Path) -> None:
    put(tmp_path, "ada/" + "x/" * 100 + NAME, f"bob/{NAME}")
    assert {each.student: trouble(each) for each in collect([tmp_path])} == {
        "ada": "it lies more than 12 folders deep",
        "bob": "",
    }


def test_names_of_any_letters_can_be_kept_and_printed(tmp_path: Path) -> None:
    for name in (b"b\xe9r", b"new\nline", b"\x1b[31m", b"  ", b"a\\b", "Åsa Öberg".encode()):
        folder = os.path.join(os.fsencode(tmp_path), name)
        os.mkdir(folder)
        with open(os.path.join(folder, NAME.encode()), "wb") as file:
            file.write(BOOK)
    found = collect([tmp_path])
    assert sorted(each.student for each in found) == sorted(["b-r", "new-line", "-[31m", "nobody", "a-b", "Åsa Öberg"])
    assert all(each.path.encode().decode().isprintable() for each in found)


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("eve/" + NAME)
    info.external_attr = 0o120777 << 16
    return info


def bare(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.filename = name  # Why: ZipInfo cuts at a zero and turns what is the system's own separator
    return info


ZIPS = {
    "way out": (packed(("../../eve/" + NAME, BOOK)), "a place outside"),
    "from the root": (packed((bare("/eve/" + NAME), BOOK)), "a place outside"),
    "a drive": (packed(("C:\\eve\\" + NAME, BOOK)), "a place outside"),
    "link": (packed((link(), b"/etc/passwd")), "links are not followed"),
    "bomb": (packed(("eve/" + NAME, b" " * (30 << 20))), "times as large"),
    "large": (packed(("eve/" + NAME, b" " * (40 << 20))), "more than the 32 MB"),
    "other packing": (packed(("eve/" + NAME, BOOK), method=zipfile.ZIP_LZMA), "not read here"),
    "zip in zip in zip in zip": (packed(("eve/a.zip", packed(("b.zip", packed(("c.zip", b"")))))), "in a zip file"),
    "no zip": (b"no zip at all", "make it again"),
    "empty": (b"", "make it again"),
    "cut off": (packed(("eve/" + NAME, BOOK))[:-30], "make it again"),
    "endless contents": (packed(("eve/" + NAME, BOOK))[:-10] + struct.pack("<IIH", 1 << 30, 0, 0), "table of contents"),
}


@pytest.mark.parametrize(("data", "words"), ZIPS.values(), ids=ZIPS)
def test_a_bad_zip_file_is_told_and_harms_nobody_else(tmp_path: Path, data: bytes, words: str) -> None:
    (put(tmp_path, f"ada/{NAME}", "eve/x") / "eve/work.zip").write_bytes(data)
    found = {each.student: trouble(each) for each in collect([tmp_path])}
    assert found["ada"] == ""
    assert words in found["eve"]
    assert not list(tmp_path.rglob("passwd"))


def damaged(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new)


def test_one_bad_member_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    text = os.urandom(3000)
    stored = damaged(packed(("ada/" + NAME, b"AAAA"), ("bob/" + NAME, BOOK), method=zipfile.ZIP_STORED), b"AAAA", b"AAAB")
    cut = bytearray(packed(("cyd/" + NAME, text), ("dan/" + NAME, BOOK)))
    cut[60:600] = bytes(540)
    inner = packed(("eve/inner.zip", b"none"), ("fay/" + NAME, BOOK))
    for name, data in {"one": stored, "two": bytes(cut), "three": inner}.items():
        (tmp_path / f"{name}.zip").write_bytes(data)
        places = [tmp_path / f"{name}.zip"]
        found = {each.student: trouble(each) for each in collect(places)}
        assert sorted(map(bool, found.values())) == [False, True], found


def test_a_zip_file_of_zip_files_is_what_moodle_gives(tmp_path: Path) -> None:
    one = packed((NAME, BOOK), ("data.csv", b"1"))
    two = packed(("my work/" + NAME, BOOK + b" "))
    names = ("Ada_1_assignsubmission_file_/work.zip", "Bob_2_assignsubmission_file_/x.zip")
    (tmp_path / "class.zip").write_bytes(packed((names[0], one), (names[1], two)))
    assert {each.student: each.read() for each in collect([tmp_path / "class.zip"])} == {"Ada (1)": BOOK, "Bob (2)": BOOK + b" "}


def test_dates_that_cannot_be_are_no_dates(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("ada/" + NAME, (1980, 1, 1, 0, 0, 0))
    data = bytearray(packed((info, BOOK)))
    at = data.index(b"PK\1\2")
    data[at + 12 : at + 16] = b"\xff\xff\x00\x00"
    (tmp_path / "class.zip").write_bytes(data)
    [ada] = collect([tmp_path / "class.zip"])
    assert (ada.handed_in, ada.read()) == (None, BOOK)


def test_a_zip_file_in_a_student_s_folder_is_as_old_as_itself(tmp_path: Path) -> None:
    info = zipfile.ZipInfo(NAME, (1980, 1, 1, 0, 0, 0))
    put(tmp_path, "ada/work.zip", data=packed((info, BOOK)))
    [ada] = collect([tmp_path])
    assert ada.handed_in is not None
    assert ada.handed_in.year > 2000


def test_nobody_hands_in_for_somebody_else(tmp_path: Path) -> None:
    put(tmp_path, *(f"{student}/ps1/{NAME}" for student in ("ada", "bob", "cyd", "mallory")))
    put(tmp_path, f"mallory/ada/{NAME}", f"mallory/x/ada_12_34_{NAME}", f"mallory/Ada_1_assignsubmission_file_/{NAME}")
    put(tmp_path, *(f"mallory/x{number}/{NAME}" for number in range(30)))
    for place in ("mallory/ada.zip", "mallory/submitted/class.zip"):
        put(tmp_path, place, data=packed((f"ada/ps1/{NAME}", b"{}"), (f"bob_{NAME}", b"{}")))
    found = collect([tmp_path])
    assert {each.student for each in found} == {"ada", "bob", "cyd", "mallory"}
    assert sum(each.student != "mallory" for each in found) == 3


def test_nothing_at_all_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="no notebook"):
        collect([tmp_path])
    with pytest.raises(LabError, match="no such file"):
        collect([tmp_path / "none"])
