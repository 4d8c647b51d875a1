"""Whatever bytes come in, a notebook or one clear sentence comes out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.grading.notebookfile import BYTES_MOST, CELLS_MOST, SOURCE_MOST, NotReadable, read_notebook

CELL: dict[str, Any] = {"cell_type": "code", "id": "a", "metadata": {}, "source": "x = 1", "outputs": [], "execution_count": None}
NOTEBOOK: dict[str, Any] = {"cells": [CELL], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
GOOD = json.dumps(NOTEBOOK).encode()


def with_cells(*cells: Any, **more: Any) -> bytes:
    return json.dumps(NOTEBOOK | {"cells": list(cells)} | more).encode()


BAD = {
    "empty": (b"", ["is empty", "save"]),
    "only-blanks": (b" \n\t\n", ["is empty"]),
    "only-zeros": (b"\0" * 4096, ["is empty"]),
    "cut-in-a-string": (GOOD[:60], ["cut off", "once more"]),
    "cut-between": (b'{"cells": [', ["cut off"]),
    "git-conflict": (GOOD.replace(b'"source"', b'\n<<<<<<< HEAD\n"source"\n=======\n>>>>>>> x\n'), ["two versions", "git"]),
    "login-page": (b"<!DOCTYPE html><html><title>Log in</title>", ["web page", "download"]),
    "xml": (b"\xef\xbb\xbf  <?xml version='1.0'?>", ["web page"]),
    "python": (b"def f():\n    return 1\n", ["does not begin as a notebook"]),
    "trailing-garbage": (GOOD + b"\nDONE", ["after its end", "line 2"]),
    "two-notebooks": (GOOD + GOOD, ["after its end"]),
    "damaged": (GOOD.replace(b'"metadata": {}', b'"metadata": {,}', 1), ["line 1 was damaged", "JupyterLab"]),
    "zip": (b"PK\x03\x04rest", ["a zip file", ".ipynb"]),
    "pdf": (b"%PDF-1.7\n\xe2\xe3", ["a PDF"]),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0", ["a picture"]),
    "gzip": (b"\x1f\x8b\x08\0\0", ["gzip"]),
    "binary": (bytes(range(128, 256)) * 20, ["no text"]),
    "latin-1": ('{"cells": [], "name": "Bérénice"}'.encode("latin-1"), ["UTF-8", "byte 24"]),
    "surrogate-in-utf-8": (b'{"cells": "\xed\xa0\x80"}', ["UTF-8"]),
    "number": (b"7", ["JSON, but no notebook"]),
    "list": (b"[]", ["JSON, but no notebook"]),
    "no-cells": (b'{"metadata": {}}', ["no cells"]),
    "cells-null": (b'{"cells": null}', ["no cells"]),
    "cells-no-list": (b'{"cells": {"a": 1}}', ["no cells"]),
    "too-deep": (b'{"cells":' + b"[" * 100_000, ["nested too deep"]),
    "too-large": (b" " * (BYTES_MOST + 1), ["32 MB", "Clear Outputs"]),
    "too-many-cells": (with_cells(*[{}] * (CELLS_MOST + 1)), ["5,001 cells"]),
}


@pytest.mark.parametrize(("data", "words"), BAD.values(), ids=BAD)
def test_what_is_no_notebook_is_told_in_one_clear_sentence(data: bytes, words: list[str]) -> None:
    with pytest.raises(NotReadable) as caught:
        read_notebook(data)
    text = str(caught.value)
    assert all(word in text for word in words), text
    assert "\n" not in text
    assert len(text) < 200


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        GOOD.decode().encode("utf-16-le"),
        GOOD.decode().encode("utf-32"),
        GOOD + b"\n\n \n",
        with_cells(CELL | {"source": ["x = ", "1"]}),
        with_cells(CELL | {"source": ["x = ", None, 7, "1", {"a": []}]}),
        with_cells(CELL, [], None, 7, {"cell_type": "code", "source": {"not": "text"}}, {"cell_type": "strange"}),
        with_cells(CELL | {"metadata": "none", "id": ["odd"]}),
        with_cells(CELL, metadata=[1]),
        with_cells(CELL, metadata={"labkit": "x"}),
        b'{"cells": [], ' + GOOD[1:],
        GOOD.replace(b'"nbformat": 4', b'"nbformat": ' + b"9" * 1_000_000),
        GOOD.replace(b'"nbformat": 4', b'"nbformat": NaN, "x": -Infinity, "y": 1e999999'),
        b'{"worksheets": [{"cells": [{"cell_type": "code", "language": "python", "input": ["x = 1"]}]}], "nbformat": 3}',
    ],
    ids=["plain", "bom", "utf-16", "utf-16-le", "utf-32", "blank lines after it", "lines", "junk in lines", "junk cells",
         "odd metadata", "metadata a list", "labkit a text", "cells twice", "huge number", "NaN", "format 3"],
)  # fmt: skip
def test_what_can_be_read_is_read(data: bytes) -> None:
    assert [cell.source for cell in read_notebook(data).cells] == ["x = 1"]


@pytest.mark.parametrize("minor", range(6))
def test_every_minor_version_of_the_format_is_read(minor: int) -> None:
    cell = {key: value for key, value in CELL.items() if key != "id" or minor == 5}
    cell["metadata"] = {"nbgrader": {"grade_id": "6a-solution"}}
    [found] = read_notebook(with_cells(cell, nbformat_minor=minor)).cells
    assert (found.id, found.grade_id) == ("a" if minor == 5 else "", "6a-solution")


def test_a_notebook_may_call_itself_anything() -> None:
    mine = {"labkit": {"lesson": "06\ud800\x1b[31m" * 1000, "release": ["x"]}}
    found = read_notebook(with_cells(CELL | {"id": "\n" * 500}, metadata=mine))
    assert (found.lesson.isprintable(), len(found.lesson), found.release) == (True, 100, "")
    assert found.cells[0].id == "?" * 100


def test_an_endless_cell_is_cut_where_it_can_be_noticed() -> None:
    [cell] = read_notebook(with_cells(CELL | {"source": "x" * 10 * SOURCE_MOST})).cells
    assert len(cell.source) == SOURCE_MOST + 1


KEYS = ["cells", "metadata", "worksheets", "cell_type", "source", "input", "id", "nbgrader", "grade_id", "labkit", "lesson"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner | st.sampled_from(["code", "markdown"]), max_size=5)
    ),
    max_leaves=25,
)


def complaint(data: bytes) -> str:
    """What is said of it; "" if it is a notebook."""
    try:
        read_notebook(data)
    except NotReadable as error:
        return str(error)
    return ""


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_json_is_a_notebook_or_not_readable(value: Any) -> None:
    odd = NOTEBOOK | {"cells": [CELL | {"source": value, "metadata": value, "id": value}]}
    for thing in (value, NOTEBOOK | {"cells": value}, odd):
        assert len(complaint(json.dumps(thing).encode())) < 200


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=64), st.integers(0, len(GOOD)), st.booleans())
def test_any_bytes_are_a_notebook_or_not_readable(junk: bytes, at: int, alone: bool) -> None:
    assert len(complaint(junk if alone else GOOD[:at] + junk + GOOD[at:])) < 200
