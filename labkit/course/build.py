"""Build the notebooks: lessons/NN_slug/*.py → notebooks/, exercises/, solutions/, the same bytes every time.

This is the door to jupytext, nbformat and nbclient. What a notebook holds that differs from run to run (times, random
widget ids, the exact Python version) is taken out; what a lesson itself prints that differs fails the build.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from traitlets.config import Config

from labkit.course import recordings, rules
from labkit.course.frontend import LIVE_MIME
from labkit.course.predict import PREDICT_VARIABLE, SKIP
from labkit.course.progress import PROGRESS_DIR_VARIABLE
from labkit.course.rules import Cell
from labkit.course.syllabus import COURSE_DIR_VARIABLE, Course, CourseError, Lesson
from labkit.limits import QUIET_VARIABLE
from labkit.native.cc import NoCompiler, find_compiler
from labkit.qemu.image import NoKernel, find_image

_HEAVY: Final = "rfc3987_syntax"
_was_there = _HEAVY in sys.modules
try:
    # Why: nbformat brings jsonschema, which would compile 38 grammars of addresses when it finds this package: 1.5 s, at
    # every start, for a kind of text that no notebook has.
    sys.modules.setdefault(_HEAVY, None)  # type: ignore[arg-type]
    import jupytext
    import nbclient
    import nbformat
finally:
    if not _was_there:
        del sys.modules[_HEAVY]

BUILT: Final = ("notebooks", "exercises", "solutions")
_PERCENT: Final = {"extension": ".py", "format_name": "percent", "custom_cell_magics": "kmodule,cthreads"}
"""py:percent. A cell of C is a comment below `# %% id="…" language="kmodule" magic_args="NAME …"`: the file stays Python.
`language="cthreads"` makes it a %%cthreads cell."""
CELL_TIMEOUT_S: Final = 60
"""A cell of a lesson that takes longer is stuck: the slowest one takes a few seconds."""

PROCESSES: Final = 2
"""Notebooks executed at once: each is a Jupyter kernel of its own, and a small machine has two cores."""

_NOTEBOOK_METADATA: Final = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
}
_JUPYTER_TAGS: Final = {"varies": "nbval-ignore-output", "skip-execution": "nbval-skip"}
_RUN_TO_RUN: Final = re.compile(r"\bat 0x[0-9a-f]{6,}|ipykernel_\d+")
"""What gives away an output that differs from run to run: a memory address, the name of a temporary file."""


@dataclass(frozen=True)
class Job:
    """One notebook to make."""

    lesson: Lesson
    folder: str
    execute: bool
    source: Path

    @property
    def target(self) -> str:
        """Where it goes, from the root of the course."""
        return f"{self.folder}/{self.lesson.name}.ipynb"

    @property
    def recorded(self) -> bool:
        """Are its runs kept? An exercise's are not: the student's program is new."""
        return self.folder == "notebooks"


def jobs_of(course: Course, lessons: Iterable[Lesson]) -> list[Job]:
    """The notebooks that these lessons make, as far as they are written."""
    jobs = []
    for lesson in lessons:
        folder = course.folder(lesson)
        if (source := folder / "lesson.py").is_file():
            jobs.append(Job(lesson, "notebooks", True, source))
        if (source := folder / "exercises.py").is_file():
            jobs.append(Job(lesson, "exercises", False, source))
            jobs.append(Job(lesson, "solutions", True, source))
    return jobs


def build(course: Course, jobs: list[Job], into: Path, done: Callable[[Job], None] = lambda job: None) -> None:
    """Make the notebooks; none is written unless all can be made.

    Args:
        course: the course.
        jobs: what to make, from jobs_of.
        into: folder that gets notebooks/, exercises/ and solutions/; the root of the course, or another place to compare.
        done: called after each notebook.

    Raises:
        CourseError: a source breaks a rule, or a cell raises.
    """
    notebooks = [make_notebook(job) for job in jobs]
    with tempfile.TemporaryDirectory(prefix="labkit-record-") as records:
        asyncio.run(_execute_all(course, list(zip(jobs, notebooks, strict=True)), Path(records), done))
        texts = [written(notebook) for notebook in notebooks]
        for job in (job for job in jobs if job.recorded):
            recordings.keep(job.lesson, Path(records), into)
        for job, text in zip(jobs, texts, strict=True):
            path = into / job.target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


async def _execute_all(course: Course, work: list[tuple[Job, Any]], records: Path, done: Callable[[Job], None]) -> None:
    free = asyncio.Semaphore(PROCESSES)

    async def finish(job: Job, notebook: Any) -> None:
        async with free:
            if job.execute:
                _have_tools(job, notebook)
                await execute(course, job, notebook, recordings.environment(job.lesson, records) if job.recorded else {})
        done(job)

    ends = await asyncio.gather(*(finish(*each) for each in work), return_exceptions=True)
    if complaints := [str(end) for end in ends if isinstance(end, CourseError)]:
        raise CourseError("\n".join(complaints))
    for end in ends:
        if end is not None:
            raise end


def differences(course: Course, jobs: list[Job], done: Callable[[Job], None] = lambda job: None) -> list[str]:
    """What a build would change in the course: one line per file that is missing, stale, or built from nothing."""
    found = []
    with tempfile.TemporaryDirectory(prefix="labkit-build-") as folder:
        build(course, jobs, Path(folder), done)
        for job in jobs:
            committed = course.root / job.target
            fresh = (Path(folder) / job.target).read_text(encoding="utf-8")
            if not committed.is_file():
                found.append(f"{job.target}: not built yet")
            elif (text := committed.read_text(encoding="utf-8")) != fresh:
                found.append(f"{job.target}: differs {_first_difference(text, fresh)}")
            if job.recorded:
                found += recordings.differences(job.lesson, course.root, Path(folder))
    wanted = {job.target for job in jobs_of(course, course.lessons)}
    built = {f"{folder}/{path.name}" for folder in BUILT for path in sorted((course.root / folder).glob("*.ipynb"))}
    found += [f"{target}: no lesson makes it any more" for target in sorted(built - wanted)]
    return found + recordings.orphans(course.lessons, course.root)


def _first_difference(old: str, new: str) -> str:
    cells = zip(nbformat.reads(old, 4).cells, nbformat.reads(new, 4).cells, strict=False)
    return next((f"first in cell {b.id!r}" for a, b in cells if a != b), "in its end or its metadata")


def read_cells(path: Path) -> list[Cell]:
    """The cells of a py:percent file as they are written, rules not yet applied."""
    text = path.read_text(encoding="utf-8")
    headers = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"# %%(\s|$)", line)]
    raw = jupytext.reads(text, fmt=_PERCENT).cells
    if len(raw) != len(headers):
        raise CourseError(f"{path}:1: text before the first `# %%`, or a line in a string that begins with `# %%`")
    cells = []
    for line, cell in zip(headers, raw, strict=True):
        extra = dict(cell.metadata)
        extra.pop("lines_to_next_cell", None)
        tags = tuple(extra.pop("tags", ()))
        cells.append(Cell(path, line, cell.cell_type, str(extra.pop("id", "")), tags, cell.source, extra))
    return cells


def make_notebook(job: Job) -> Any:
    """The notebook of a job, not executed."""
    cells = read_cells(job.source)
    rules.obey_rules(cells)
    if job.folder != "notebooks":
        rules.obey_exercise_rules(cells, job.lesson)
    notebook: Any = nbformat.v4.new_notebook(metadata={**_NOTEBOOK_METADATA, "labkit": {"lesson": job.lesson.name}})
    notebook.cells = [_notebook_cell(job, cell) for cell in cells]
    notebook.nbformat_minor = 5
    return notebook


def _notebook_cell(job: Job, cell: Cell) -> Any:
    source = cell.source
    if job.folder == "exercises" and "exercise" in cell.tags:
        source = rules.stub(cell)
    elif job.folder == "exercises" and "check" in cell.tags:
        source = rules.without_hidden(cell)
    tags = [*cell.tags, *(_JUPYTER_TAGS[tag] for tag in cell.tags if tag in _JUPYTER_TAGS)]
    metadata: dict[str, Any] = {"tags": tags} if tags else {}
    if "hide-input" in tags:
        metadata["jupyter"] = {"source_hidden": True}
    if job.folder != "notebooks" and {"exercise", "check"} & set(tags):
        metadata["nbgrader"] = nbgrader_metadata(job.lesson, cell)
        if job.folder == "exercises":
            # Why: JupyterLab then keeps a student from changing a check, or deleting a graded cell, by mistake.
            metadata |= {"deletable": False, "editable": "check" not in tags}
    new: Any = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
    made = new(source, metadata=metadata)
    made["id"] = cell.id
    return made


def nbgrader_metadata(lesson: Lesson, cell: Cell) -> dict[str, Any]:
    """What nbgrader (schema 3) wants to know of a cell; it adds the checksum itself when it releases an assignment."""
    checked = "check" in cell.tags
    data: dict[str, Any] = {"schema_version": 3, "grade_id": cell.id, "grade": checked, "solution": not checked}
    data |= {"locked": checked, "task": False, "cell_type": cell.kind}
    if checked:
        data["points"] = lesson.exercise(cell.id.removesuffix("-check")).points
    return data


async def execute(course: Course, job: Job, notebook: Any, records: dict[str, str]) -> None:
    """Run every cell in a fresh Jupyter kernel and keep what it puts out, as far as it is the same every time.

    Args:
        course: where it looks for the syllabus.
        job: what the notebook is, for messages.
        notebook: gets its outputs here.
        records: more for its environment: where its runs are recorded.
    """
    at = ""

    def starts(cell: Any, cell_index: int) -> None:
        nonlocal at
        at = f"{job.target}, cell {cell.id!r}"

    with tempfile.TemporaryDirectory(prefix="labkit-run-") as folder:
        client = nbclient.NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT_S,
            kernel_name="python3",
            # Why: sockets in our own folder; a TCP port that was free a moment ago may be another Jupyter kernel's by now.
            config=Config(KernelManager={"transport": "ipc", "connection_file": f"{folder}/k.json"}),
            resources={"metadata": {"path": folder}},
            coalesce_streams=True,
            record_timing=False,
            on_cell_start=starts,
            # Why: an ordinary shutdown waits about 4 s for some Jupyter kernels.
            shutdown_kernel="immediate",
            extra_arguments=["--IPKernelApp.log_level=40"],
        )
        try:
            await client.async_execute(env=_environment(course, folder, records))
        except nbclient.exceptions.CellExecutionError as error:
            raise CourseError(f"{at} raised {error.ename}: {error.evalue}") from None
        except nbclient.exceptions.CellTimeoutError:
            raise CourseError(f"{at} did not end within {CELL_TIMEOUT_S} s") from None
        except nbclient.exceptions.DeadKernelError:
            raise CourseError(f"{at} ended the Jupyter kernel") from None
    for cell in notebook.cells:
        _keep_what_repeats(job, cell)


def _have_tools(job: Job, notebook: Any) -> None:
    tags = {tag for cell in notebook.cells for tag in cell.metadata.get("tags", [])}
    try:
        find_compiler() if "needs-cc" in tags else None
        find_image() if "needs-qemu" in tags else None
    except (NoCompiler, NoKernel) as error:
        raise CourseError(f"{job.target} cannot be built here: {error}") from None


def _environment(course: Course, folder: str, records: dict[str, str]) -> dict[str, str]:
    """Environment of the Jupyter kernel: nothing is asked, nothing of the author's own is read or written."""
    package_home = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [package_home, os.environ.get("PYTHONPATH")]))
    named = {COURSE_DIR_VARIABLE: str(course.root.resolve()), PROGRESS_DIR_VARIABLE: folder, PREDICT_VARIABLE: SKIP}
    named[QUIET_VARIABLE] = "1"
    return {**os.environ, **named, **records, "PYTHONPATH": path, "PYTHONHASHSEED": "0", "IPYTHONDIR": f"{folder}/.ipython"}


def _keep_what_repeats(job: Job, cell: Any) -> None:
    if cell.cell_type != "code":
        return
    cell.metadata.pop("execution", None)
    if "varies" in cell.metadata.get("tags", []):
        cell.outputs = []
    for output in cell.outputs:
        data = output.get("data", {})
        data.pop(LIVE_MIME, None)
        texts = [output.get("text", ""), str(data.get("text/plain", "")), str(output.get("evalue", ""))]
        if found := next((match[0] for text in texts if (match := _RUN_TO_RUN.search(text))), None):
            raise CourseError(f"{job.target}, cell {cell.id!r}: {found!r} in its output changes with every run")


def written(notebook: Any) -> str:
    """A notebook as text: keys in order, one newline at the end."""
    notebook.metadata.pop("widgets", None)
    # Why: nbclient writes the exact Python version into language_info.
    notebook.metadata["language_info"] = dict(_NOTEBOOK_METADATA["language_info"])
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"
