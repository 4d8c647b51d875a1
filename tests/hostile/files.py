"""Hostile files: folders and zip files as nobody should hand them in, each with what must be said of it.

Each maker is given an empty folder beside that of an honest student, and the bytes of an untouched notebook. It gives back
student → a part of what must be told of that student; "" where nothing need be said, but the student must not be lost. And
for the student "": how many lines the table must have. A class.zip beside the folder is a download of a whole class.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

NAME: Final = "06_races.ipynb"
Maker = Callable[[Path, bytes], dict[str, str]]
MAKERS: Final[dict[str, Maker]] = {}


def maker(make: Maker) -> Maker:
    """Enter it under its own name."""
    MAKERS[make.__name__] = make
    return make


def put(path: Path, data: bytes) -> None:
    """A file, and the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def packed(path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]]) -> None:
    """A zip file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)


def changed(path: Path, at: bytes, offset: int, new: bytes) -> None:
    """Write other bytes at a distance from the last place where some stand."""
    data = bytearray(path.read_bytes())
    place = data.rfind(at) + offset
    data[place : place + len(new)] = new
    path.write_bytes(data)


# ---- files that are none


@maker
def a_fifo_that_nobody_writes(to: Path, good: bytes) -> dict[str, str]:
    (to / "bob").mkdir()
    os.mkfifo(to / "bob" / NAME)
    return {"bob": "file"}


@maker
def a_socket(to: Path, good: bytes) -> dict[str, str]:
    (to / "bob").mkdir()
    here = os.getcwd()
    os.chdir(to / "bob")  # Why: a socket's path has at most 108 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(NAME)
    finally:
        os.chdir(here)
    return {"bob": ""}


@maker
def a_device(to: Path, good: bytes) -> dict[str, str]:
    (to / "bob").mkdir()
    try:
        os.mknod(to / "bob" / NAME, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:  # only root makes devices
        put(to / "bob" / NAME, b"")
    return {"bob": ""}


@maker
def links_to_files(to: Path, good: bytes) -> dict[str, str]:
    for student, target in {"bob": "/etc/passwd", "carl": "/nowhere", "dora": NAME}.items():
        (to / student).mkdir()
        os.symlink(target, to / student / NAME)
    return {"bob": "link", "carl": "link", "dora": "link"}


@maker
def links_to_folders(to: Path, good: bytes) -> dict[str, str]:
    put(to / "bob" / NAME, good)
    os.symlink("..", to / "bob" / "one")
    os.symlink("..", to / "bob" / "two")
    return {"bob": ""}


@maker
def a_link_to_anothers_folder(to: Path, good: bytes) -> dict[str, str]:
    put(to.parent / "secret" / NAME, good)
    (to / "bob").mkdir()
    os.symlink("../../secret", to / "bob" / "mine")
    return {}


@maker
def folders_a_thousand_deep(to: Path, good: bytes) -> dict[str, str]:
    put(to / "carl" / NAME, good)
    (to / "bob").mkdir()
    folder = os.open(to / "bob", os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d", dir_fd=folder)
        deeper = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = deeper
    os.close(os.open(NAME, os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    os.close(folder)
    return {"carl": ""}


@maker
def a_folder_called_like_a_notebook(to: Path, good: bytes) -> dict[str, str]:
    put(to / "bob" / NAME / "x.txt", b"")
    put(to / "carl" / NAME, good)
    return {"carl": ""}


@maker
def two_hundred_megabytes_of_nothing(to: Path, good: bytes) -> dict[str, str]:
    put(to / "bob" / NAME, b"")
    os.truncate(to / "bob" / NAME, 200 << 20)
    return {"bob": "200 MB"}


# ---- names


@maker
def names_for_spreadsheets(to: Path, good: bytes) -> dict[str, str]:
    names = ["=cmd()", "x;=cmd()", " =1+1", "@SUM(1)", "-2+3", "+1"]
    for name in names:
        put(to / name / NAME, b"{")
    return {"": str(1 + len(names))}


@maker
def names_for_terminals_and_pages(to: Path, good: bytes) -> dict[str, str]:
    for name in ("bob\ralice,6,5,5", "eve\n=1+1", "dan\x1b[2J", "<script>alert(1)<", "[bold]", "fay[", "\u202egnp.exe"):
        put(to / name / NAME, b"{")
    return {"[bold]": "", "fay[": "", "": "8"}


@maker
def a_name_that_is_no_text(to: Path, good: bytes) -> dict[str, str]:
    put(Path(os.fsdecode(os.fsencode(to) + b"/bo\xff")) / NAME, b"{")
    return {}


@maker
def names_that_look_alike(to: Path, good: bytes) -> dict[str, str]:
    for name in ("ab?!", "ab!?", "ab__", "CON"):
        put(to / name / NAME, b"{")
    return {"ab__": "", "CON": "", "": "5"}


@maker
def long_names_in_a_zip(to: Path, good: bytes) -> dict[str, str]:
    packed(to.parent / "class.zip", [("𝔘" * 80 + f"/{NAME}", b"{"), ("x" * 60_000 + f"/{NAME}", b"{"), (f"carl/{NAME}", good)])
    return {"carl": ""}


@maker
def another_students_name(to: Path, good: bytes) -> dict[str, str]:
    packed(to / "mallory" / "work.zip", [(f"ada/{NAME}", b"{}"), (f"ada_12_34_{NAME}", b"{}")])
    put(to / "mallory" / "ada" / NAME, b"{}")
    put(to / "mallory" / f"ada_12_34_{NAME}", b"{}")
    return {"mallory": ""}


@maker
def two_notebooks_of_one_lesson(to: Path, good: bytes) -> dict[str, str]:
    put(to / "bob" / NAME, good)
    put(to / "bob" / "mine.ipynb", b'{"cells": 5}')
    put(to / "bob" / "another.ipynb", good)
    return {"bob": ""}


# ---- zip files


@maker
def paths_out_of_a_zip(to: Path, good: bytes) -> dict[str, str]:
    names = [f"../../evil/{NAME}", f"/abs/{NAME}", f"C:\\x\\{NAME}", f"..\\..\\w\\{NAME}"]
    packed(to / "bob.zip", [(name, good) for name in names])
    return {}


@maker
def a_link_in_a_zip(to: Path, good: bytes) -> dict[str, str]:
    link = zipfile.ZipInfo(f"bob/{NAME}")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed(to.parent / "class.zip", [(link, b"/etc/passwd"), (f"carl/{NAME}", good)])
    return {"bob": "link", "carl": ""}


@maker
def a_zip_that_is_none(to: Path, good: bytes) -> dict[str, str]:
    put(to / "bob.zip", b"")
    put(to / "carl.zip", b"PK\x03\x04" + bytes(100))
    return {"bob": "cannot be read", "carl": "cannot be read"}


@maker
def a_zip_with_a_password(to: Path, good: bytes) -> dict[str, str]:
    packed(to.parent / "class.zip", [(f"bob/{NAME}", b"{")])
    changed(to.parent / "class.zip", b"PK\x01\x02", 8, b"\x01")
    return {"bob": "password"}


@maker
def a_zip_without_a_date(to: Path, good: bytes) -> dict[str, str]:
    packed(to.parent / "class.zip", [(f"bob/{NAME}", good), (f"carl/{NAME}", good)])
    changed(to.parent / "class.zip", b"PK\x01\x02", 14, b"\0\0")
    return {"bob": "", "carl": ""}


@maker
def a_broken_member(to: Path, good: bytes) -> dict[str, str]:
    packed(to.parent / "class.zip", [(f"bob/{NAME}", good), (f"carl/{NAME}", good)])
    data = bytearray((to.parent / "class.zip").read_bytes())
    data[100:140] = b"\xff" * 40
    (to.parent / "class.zip").write_bytes(data)
    return {"bob": "cannot be unpacked", "carl": ""}


@maker
def a_zip_that_lies_about_sizes(to: Path, good: bytes) -> dict[str, str]:
    packed(to.parent / "class.zip", [(f"bob/{NAME}", b" " * (40 << 20))])
    changed(to.parent / "class.zip", b"PK\x01\x02", 24, struct.pack("<I", 100))
    return {"bob": "MB"}


@maker
def a_zip_bomb(to: Path, good: bytes) -> dict[str, str]:
    packed(to.parent / "class.zip", [(f"bob/{NAME}", b" " * (400 << 20)), (f"carl/{NAME}", good)])
    return {"bob": "400 MB", "carl": ""}


@maker
def a_zip_in_a_zip(to: Path, good: bytes) -> dict[str, str]:
    packed(to / "x" / "inner.zip", [(NAME, good)])
    packed(to.parent / "class.zip", [("bob/inner.zip", (to / "x" / "inner.zip").read_bytes()), (f"carl/{NAME}", good)])
    return {"carl": ""}


# ---- notebooks


def notebook(**facts: Any) -> bytes:
    """Some JSON."""
    return json.dumps(facts).encode()


@maker
def other_encodings(to: Path, good: bytes) -> dict[str, str]:
    text = good.decode()
    put(to / "bob" / NAME, text.encode("utf-16"))
    put(to / "carl" / NAME, b"\xef\xbb\xbf" + good)
    put(to / "dora" / NAME, text.encode("utf-32"))
    put(to / "eve" / NAME, b"\xff\xfe\x00\xd8" * 30)
    put(to / "finn" / NAME, good[:-40])
    put(to / "gus" / NAME, bytes(1000))
    put(to / "hal" / NAME, "é".join(text).encode("latin-1", "replace"))
    return {"bob": "", "carl": "", "dora": "", "eve": "", "finn": "cut off", "gus": "notebook", "hal": "UTF-8"}


@maker
def other_things_than_notebooks(to: Path, good: bytes) -> dict[str, str]:
    found = {
        "bob": b"<<<<<<< HEAD\n" + good, "carl": b"<!doctype html><title>Log in</title>", "dora": b"", "eve": b"[]",
        "finn": b"null", "gus": notebook(cells={}), "hal": b"%PDF-1.7", "ida": b'"text"',
    }  # fmt: skip
    for student, data in found.items():
        put(to / student / NAME, data)
    return {
        "bob": "two versions", "carl": "web page", "dora": "empty", "eve": "no notebook", "finn": "no notebook",
        "gus": "no cells", "hal": "JupyterLab", "ida": "no notebook",
    }  # fmt: skip


@maker
def cells_of_odd_kinds(to: Path, good: bytes) -> dict[str, str]:
    odd: list[Any] = [
        [1, None, [], {}], [{"cell_type": "code", "source": {}}],
        [{"cell_type": "code", "source": ["\ud800"], "id": "6b-solution"}],
        [{"cell_type": "code", "source": "x\0y", "id": "6b-solution", "metadata": []}], [{"cell_type": ["code"], "source": 5}],
        [{"cell_type": "code", "source": "", "metadata": {"nbgrader": {"grade_id": ["6b-solution"]}}}],
    ]  # fmt: skip
    for number, cells in enumerate(odd):
        put(to / f"bob-{number}" / NAME, notebook(cells=cells, metadata=[]))
    put(to / "carl" / NAME, notebook(worksheets=[{"cells": 5}, 7]))
    put(to / "dora" / NAME, notebook(cells=[], metadata={"labkit": []}))
    return dict.fromkeys([f"bob-{number}" for number in range(len(odd))] + ["carl", "dora"], "")


@maker
def cells_with_one_name(to: Path, good: bytes) -> dict[str, str]:
    data = json.loads(good)
    twins = [cell for cell in data["cells"] if cell.get("id") == "6b-solution"]
    data["cells"] += [twin | {"source": f"class TasLock:\n    number = {number}\n"} for number, twin in enumerate(twins * 3)]
    put(to / "bob" / NAME, json.dumps(data).encode())
    data["cells"].reverse()
    put(to / "carl" / NAME, json.dumps(data).encode())
    return {"bob": "6b-solution", "carl": "6b-solution"}


@maker
def cells_without_names(to: Path, good: bytes) -> dict[str, str]:
    data = json.loads(good)
    for cell in data["cells"]:
        cell.pop("id", None)
        cell["metadata"] = {}
    put(to / "bob" / NAME, json.dumps(data).encode())
    return {"bob": "no cell is called"}


@maker
def numbers_and_depths(to: Path, good: bytes) -> dict[str, str]:
    put(to / "bob" / NAME, b'{"nbformat": ' + b"9" * 5_000_000 + b', "cells": []}')
    put(to / "carl" / NAME, b'{"cells": ' + b"[" * 100_000)
    deep = "[" * 900 + "]" * 900
    put(to / "dora" / NAME, f'{{"cells": [{{"cell_type": "code", "id": {deep}, "source": ""}}]}}'.encode())
    put(to / "eve" / NAME, b'{"nbformat": 1e999999, "nbformat_minor": NaN, "cells": []}')
    return {"bob": "", "carl": "deep", "dora": "", "eve": ""}


@maker
def a_lesson_with_a_long_name(to: Path, good: bytes) -> dict[str, str]:
    data = json.loads(good)
    data["metadata"] = {"labkit": {"lesson": "<b>" + "x" * 5_000_000, "release": "\x1b[31m"}}
    put(to / "bob" / NAME, json.dumps(data).encode())
    return {"bob": "belongs to"}


@maker
def cells_that_are_slow_to_read(to: Path, good: bytes) -> dict[str, str]:
    many = "\n".join(f"x{number} = [{number}, {number}]" for number in range(8000))
    put(to / "bob" / NAME, notebook(cells=[{"cell_type": "code", "source": many, "id": f"c{i}"} for i in range(30)]))
    bombs = [
        "-" * 90_000 + "1",
        "a" + ".b" * 90_000,
        "(" * 190,
        "f(**{" * 60,
        "with " + "(" * 190,
        "1" + "+1" * 90_000,
        "lambda:" * 20_000,
    ]
    put(to / "carl" / NAME, notebook(cells=[{"cell_type": "code", "source": each, "id": "c"} for each in bombs]))
    return {"bob": "", "carl": ""}
