"""The doorway is small and light; the rooms behind it do not lean on it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LABKIT = Path(__file__).parents[2] / "labkit"
NAMES = 25
HEAVY = [
    "IPython",
    "anywidget",
    "asyncio",
    "click",
    "ipykernel",
    "ipywidgets",
    "jupytext",
    "nbclient",
    "nbformat",
    "platformdirs",
    "rich",
]
AS_STUDENTS_DO = {"cli.py", "course/doctor.py"}
"""Rooms at the top of the house that try the doorway, as a student does."""

# Runs `import labkit` where nothing but greenlet can be imported from outside the standard library.
ALONE = f"""
import sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in ("labkit", "greenlet"):
            raise ModuleNotFoundError("import labkit asks for " + name)

sys.meta_path.insert(0, Nothing())
import labkit
print(*sorted(set({HEAVY!r}) & set(sys.modules)))
"""


def imports(file: Path) -> Iterator[tuple[int, str, list[str]]]:
    """(line, module, names) of each import of a file, wherever it stands."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name, []) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or ""), [name.name for name in node.names]


def through_the_doorway(folder: Path) -> list[str]:
    """Imports that take a name from `labkit` itself, in rooms that should name the room where it lives."""
    rooms = {path.stem for path in folder.iterdir()}
    return [
        f"{file.relative_to(folder)}:{line}: name the room, not the doorway"
        for file in sorted(folder.rglob("*.py"))
        if str(file.relative_to(folder)) not in AS_STUDENTS_DO
        for line, module, names in imports(file)
        if module == "labkit" and not set(names or [""]) <= rooms
    ]


def shadows(folder: Path) -> list[str]:
    """Modules at the top of a folder that are named like one of the standard library's."""
    return sorted(p.name for p in folder.iterdir() if p.stem in sys.stdlib_module_names and (p.suffix == ".py" or p.is_dir()))


def test_import_labkit_needs_greenlet_only_and_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_doorway_offers_few_names() -> None:
    import labkit

    names = [name for name in labkit.__all__ if not name.startswith("__")]
    assert 0 < len(names) <= NAMES
    assert [name for name in labkit.__all__ if not hasattr(labkit, name)] == []


def test_rooms_do_not_import_the_doorway() -> None:
    assert through_the_doorway(LABKIT) == []


def test_no_module_shadows_the_standard_library() -> None:
    assert shadows(LABKIT) == []


def test_bootstrap_needs_the_standard_library_only() -> None:
    foreign = [
        module for _, module, _ in imports(LABKIT / "bootstrap.py") if module.partition(".")[0] not in sys.stdlib_module_names
    ]
    assert [module for module in foreign if module != "__future__"] == []


def test_bad_samples_are_seen(tmp_path: Path) -> None:
    (tmp_path / "signal.py").write_text("import labkit\nfrom labkit import Mutex, thread\n", encoding="utf-8")
    (tmp_path / "thread.py").write_text("from labkit import thread\n", encoding="utf-8")
    assert shadows(tmp_path) == ["signal.py"]
    assert through_the_doorway(tmp_path) == [f"signal.py:{n}: name the room, not the doorway" for n in (1, 2)]
