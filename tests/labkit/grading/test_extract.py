"""Whatever a student did to the notebook, their solutions are found, and each departure is told."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest

from labkit.grading import magics
from labkit.grading.extract import Extracted, extract
from labkit.grading.notebookfile import SOURCE_MOST, StudentCell, StudentNotebook, read_notebook
from tests.labkit.grading import kit

LESSON = "06_races"
TAS = "class TasLock:\n    pass\n"


@functools.cache
def released() -> tuple[StudentCell, ...]:
    """The cells that every student gets."""
    path = kit.course().root / "exercises" / f"{LESSON}.ipynb"
    return read_notebook(path.read_bytes()).cells


def written(changed: dict[str, str]) -> list[StudentCell]:
    """The released cells, with these solutions."""
    return [cell_of(cell, source=changed.get(cell.grade_id.removesuffix("-solution"), cell.source)) for cell in released()]


def cell_of(cell: StudentCell, **changes: str) -> StudentCell:
    facts = {"id": cell.id, "grade_id": cell.grade_id, "source": cell.source, "kind": cell.kind} | changes
    return StudentCell(cell.place, **facts)


def found(cells: list[StudentCell], lesson: str = LESSON, release: str = "") -> Extracted:
    numbered = tuple(StudentCell(i, c.id, c.grade_id, c.source, c.kind) for i, c in enumerate(cells))
    return extract(StudentNotebook(numbered, lesson, release), list(kit.problems(6).values()), LESSON, "2")


def at(cells: list[StudentCell], id: str) -> int:
    return next(i for i, cell in enumerate(cells) if cell.grade_id == f"{id}-solution")


def test_the_released_notebook_has_every_stub_and_nothing_to_remark() -> None:
    got = found(list(released()))
    assert got.remarks == {}
    assert {id: text.strip() for id, text in got.solutions.items()} == {
        id: problem.stub.strip() for id, problem in kit.problems(6).items()
    }


def test_only_solution_cells_are_taken() -> None:
    cells = [
        cell if cell.grade_id.endswith("-solution") else cell_of(cell, source="raise SystemExit") for cell in written({"6b": TAS})
    ]
    assert found(cells).solutions["6b"] == TAS


@pytest.mark.parametrize("lost", ["id", "grade_id"])
def test_a_cell_is_found_by_the_name_that_is_left(lost: str) -> None:
    got = found([cell_of(cell, **{lost: ""}) for cell in written({"6b": TAS})])
    assert got.solutions["6b"] == TAS
    assert got.remarks == {}


def test_a_cell_without_its_name_is_found_by_what_it_defines() -> None:
    got = found([cell_of(cell, id="", grade_id="") for cell in written({"6b": TAS})])
    assert got.solutions["6b"] == TAS
    assert "defines TasLock" in got.remarks["6b"][0]


def test_cells_in_another_order_are_all_taken() -> None:
    got = found(written({"6b": TAS})[::-1])
    assert got.solutions["6b"] == TAS
    assert "another order" in got.remarks[""][0]


def test_a_missing_cell_is_told_with_what_it_would_define() -> None:
    got = found([cell for cell in written({}) if cell.grade_id != "6b-solution"])
    assert "6b" not in got.solutions
    assert got.remarks == {"6b": ["there is no cell 6b-solution, and none that defines TasLock"]}


def test_of_several_cells_of_one_name_the_last_that_was_written_counts() -> None:
    cells = written({"6b": TAS})
    stub, mine = released()[at(cells, "6b")], cells[at(cells, "6b")]
    got = found([*cells, stub])
    assert (got.solutions["6b"], got.remarks) == (TAS, {})
    got = found([*cells, stub, cell_of(mine, source=TAS + "# better\n"), stub])
    assert got.solutions["6b"] == TAS + "# better\n"
    assert "cells are called 6b-solution" in got.remarks["6b"][0]


def test_a_cell_that_was_split_is_graded_as_one() -> None:
    cells = written({"6a": "def schedules(p):\n    return []\n"})
    place = at(cells, "6a")
    more = cell_of(cells[place], id="new", source="def play(p, s):\n    return 1\n\ndef bad(p):\n    return 2\n")
    got = found([*cells[: place + 1], more, *cells[place + 1 :]])
    assert got.solutions["6a"].count("def ") == 3
    assert "split into 2" in got.remarks["6a"][0]


def test_solutions_merged_into_one_cell_count_for_both_without_the_checks_between() -> None:
    cells = written({"6b": TAS})
    one, two = at(cells, "6b"), at(cells, "6c")
    text = TAS + 'check("explore(counting)",\n    why="a (b")\nclass TicketLock:\n    pass\n'
    got = found([*cells[:one], cell_of(cells[one], source=text), *cells[one + 1 : two], *cells[two + 1 :]])
    assert got.solutions["6b"] == got.solutions["6c"] == TAS + "pass\n\nclass TicketLock:\n    pass\n"
    assert "defines TicketLock" in got.remarks["6c"][0]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_solution_that_is_no_code_any_more_is_told(kind: str) -> None:
    cells = written({"6b": TAS})
    cells[at(cells, "6b")] = cell_of(cells[at(cells, "6b")], kind=kind)
    got = found(cells)
    assert "6b" not in got.solutions
    assert got.remarks["6b"] == [
        f"the cell 6b-solution is no code any more, but {kind}: choose Code for it, and hand it in again"
    ]


def test_a_helper_in_a_cell_of_ones_own_is_told_with_its_cell() -> None:
    cells = [StudentCell(0, "mine", "", "def helper():\n    pass"), *written({"6b": TAS + "helper()"})]
    assert found(cells).remarks == {
        "6b": ["it uses helper, which cell 1 defines: only solution cells are graded, so move it into this one"]
    }


@pytest.mark.parametrize(
    "text", ["def f(helper): helper()", "for helper in x: pass", "helper = 1\nhelper", "x.helper()", "#helper", "f(helper=1)"]
)
def test_a_name_of_the_solution_s_own_is_no_helper(text: str) -> None:
    cells = [StudentCell(0, "mine", "", "helper = 3"), *written({"6b": TAS + text})]
    assert found(cells).remarks == {}


def test_another_lesson_and_an_older_release_are_told() -> None:
    got = found(list(released()), lesson="05_posix", release="1")
    assert ["belongs to 05_posix" in got.remarks[""][0], "older release" in got.remarks[""][1]] == [True, True]


def test_an_endless_cell_is_not_graded() -> None:
    got = found(written({"6b": TAS + "#" * SOURCE_MOST}))
    assert "6b" not in got.solutions
    assert "200,000 characters" in got.remarks["6b"][0]


BOMBS = ["(" * 190_000, "-" * 190_000, "'" * 190_001, "\\\n" * 90_000, "%x\n" * 60_000, "{[" * 90_000, "a=" * 90_000]
BOMBS += ["import a," * 20_000, "x, " * 60_000, '"""\\' * 45_000, "async " * 30_000]


@pytest.mark.parametrize("bomb", BOMBS, ids=[bomb[:9] for bomb in BOMBS])
def test_no_text_takes_long_to_look_at(bomb: str) -> None:
    got = found([cell_of(cell, id="", grade_id="") for cell in written({"6b": TAS + bomb})])
    assert set(got.solutions) <= set(kit.problems(6))


def test_an_old_notebook_without_ids_is_read_by_its_grade_ids(tmp_path: Path) -> None:
    data = json.loads(kit.notebook(6, {"6b": TAS}, tmp_path))
    for cell in data["cells"]:
        del cell["id"]
    got = extract(read_notebook(json.dumps(data | {"nbformat_minor": 4}).encode()), list(kit.problems(6).values()), LESSON)
    assert got.solutions["6b"] == TAS


PLAIN = {
    "valid Python stays": ("x = 5 \\\n% 3\ny = (4\n% 3)\ns = '''\n%time x\n!ls\n'''\n", None, []),
    "%time": ("if 1:\n    %time f(1)\n", "if 1:\n    f(1)\n", ["line 2, `%time f(1)`, was run without its %time"]),
    "a setting": ("%matplotlib inline\nx = 1", "pass\nx = 1", ["line 1, `%matplotlib inline`, was left out: it is IPython's"]),
    "a program": ("x = 1\n!pip install (it's\ny = 2", "x = 1\npass\ny = 2", ["line 2", "starts no other programs"]),
    "a program's output": ("x = !ls 'a\ny = 1", "pass\ny = 1", ["line 1, `x = !ls 'a`"]),
    "help": ("f?\n?f\nf.g??\n", "pass\npass\npass\n", ["line 1, `f?`", "line 2", "line 3"]),
    "%%time": ("%%time\nx = 1\n", "\nx = 1\n", ["its first line, `%%time`, was left out"]),
    "%%bash": ("%%bash\nls\n", None, ["`%%bash`: nothing of this cell is Python"]),
    "await": ("x = 1\nawait f()\n", None, ["line 2, `await f()`, waits outside of a function"]),
    "await inside": ("async def f():\n    await g()\n", None, []),
    "a question in a string": ("x = 'why?'\n# really?\n", None, []),
    "modulo at the end of a bracket": ("f(a,\n  %b)", None, []),
}


@pytest.mark.parametrize(("source", "python", "words"), PLAIN.values(), ids=PLAIN)
def test_what_only_a_notebook_can_run_is_left_out_and_told(source: str, python: str | None, words: list[str]) -> None:
    text, told = magics.plain(source)
    assert text == (source if python is None else python)
    assert text.count("\n") == source.count("\n")
    assert all(word in " ".join(told) for word in words), told
    assert bool(told) == bool(words)


def test_words_are_those_of_the_code() -> None:
    assert magics.words_in("x = f(a.b)  # like TasLock\ny = 'text' + f'{helper}' + rb'no'") >= {"x", "f", "a", "b", "y", "helper"}
    assert not magics.words_in("x = 'TasLock'  # TasLock\n'''TasLock'''") & {"TasLock"}
