"""Every lesson obeys the rules of its cells, and predictions have ids that are unique in the course."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.course.build import Job, jobs_of, make_notebook, read_cells
from labkit.course.syllabus import load_course

COURSE = load_course(Path(__file__).parents[2])
JOBS = jobs_of(COURSE, COURSE.lessons)
LESSONS = [job for job in JOBS if job.folder == "notebooks"]


def named(job: Job) -> str:
    return job.target


@pytest.mark.parametrize("job", JOBS, ids=named)
def test_ids_tags_and_sizes_obey_the_rules(job: Job) -> None:
    make_notebook(job)


@pytest.mark.parametrize("job", LESSONS, ids=named)
def test_a_lesson_begins_with_what_one_can_do_after_it_and_ends_with_where_to_go(job: Job) -> None:
    cells = read_cells(job.source)
    assert cells[0].kind == "markdown"
    assert "After this you can" in cells[0].source
    assert cells[0].source.startswith(f"# {job.lesson.number}. ") or job.lesson.title in cells[0].source
    assert "../GLOSSARY.md" in cells[-1].source
    assert ".ipynb)" in cells[-1].source, "the last cell links to the exercises or to the next lesson"


@pytest.mark.parametrize("job", LESSONS, ids=named)
def test_a_lesson_asks_for_predictions_and_answers_each(job: Job) -> None:
    asked, told = Counter(ids_in(job, "predict")), Counter(ids_in(job, "reveal"))
    assert len(asked) >= 3
    assert set(asked) == set(told)


def test_every_prediction_has_an_id_of_its_own() -> None:
    """A prediction is recorded under its id, whatever the notebook is called."""
    times = Counter(id for job in JOBS if job.folder != "solutions" for id in ids_in(job, "predict"))
    assert [id for id, count in times.items() if count > 1] == []


@pytest.mark.parametrize("job", LESSONS, ids=named)
def test_links_between_notebooks_lead_somewhere(job: Job) -> None:
    targets = {each.target for each in jobs_of(COURSE, COURSE.lessons)}
    for link in links_in(job):
        assert link.removeprefix("../") in targets or (COURSE.root / "notebooks" / link).resolve().is_file(), link


def ids_in(job: Job, function: str) -> Iterator[str]:
    """First arguments of the calls of predict() or reveal()."""
    for cell in read_cells(job.source):
        for node in ast.walk(ast.parse(cell.source if cell.kind == "code" and not cell.source.startswith("%%") else "")):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                assert isinstance(node.args[0], ast.Constant), f"{job.target} {cell.id}: the id is written out as a text"
                yield str(node.args[0].value)


def links_in(job: Job) -> Iterator[str]:
    """Targets of the links that stay inside the course, without their anchors."""
    for cell in read_cells(job.source):
        if cell.kind == "markdown":
            for part in cell.source.split("](")[1:]:
                target = part.split(")")[0].split("#")[0]
                if target and "://" not in target:
                    yield target
