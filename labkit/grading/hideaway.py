"""Two faces of labkit in one process: the modules that do the work, and the ones that an import statement finds.

A student's `labkit.run = mine` changes only the second face: functions of labkit look their names up in the first. Both
share functions and classes, for a Mutex must be the Mutex that the machine knows; tripwire.py watches over those. And
labkit's modules have builtins of their own: `builtins.isinstance = mine` is for the student's own code.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import pkgutil
import sys
import types
from typing import Any, Final

PACKAGE: Final = "labkit"
LOADED: Final = (
    "threading", "queue", "heapq", "json", "random", "decimal", "fractions", "re",
    "statistics", "textwrap", "typing", "dataclasses", "enum", "bisect", "copy", "collections.abc", "itertools", "functools",
)  # fmt: skip
"""What exercises import of the standard library: loaded once, so that no check pays for it."""
NOT_LOADED: Final = ("labkit.cli", "labkit.bootstrap", "labkit.grading", "labkit.course.")


class _Finder(importlib.abc.MetaPathFinder):
    """Finds labkit's modules as usual, and gives each of them builtins of its own before it runs."""

    def __init__(self) -> None:
        self.builtins = dict(vars(builtins))

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] != PACKAGE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
            spec.loader.builtins = self.builtins
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    builtins: dict[str, Any]

    def exec_module(self, module: types.ModuleType) -> None:
        vars(module)["__builtins__"] = self.builtins
        super().exec_module(module)


def own_builtins() -> None:
    """From now on labkit's modules get builtins of their own. Call it before the first of them is imported."""
    sys.meta_path.insert(0, _Finder())


def load_all() -> None:
    """Load every module of labkit that an exercise could need.

    Why not all: what makes notebooks brings Jupyter with it, and each child pays for each page of memory. A module that is
    not loaded here is found in the usual way when a cell asks for it.
    """
    importlib.import_module(PACKAGE)
    for module in pkgutil.walk_packages(sys.modules[PACKAGE].__path__, f"{PACKAGE}."):
        if not module.name.startswith(NOT_LOADED) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def hide() -> list[types.ModuleType]:
    """Put a second face before every module of labkit that is loaded; the first faces, for the tripwire."""
    private = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == PACKAGE}
    faces = {}
    for name, module in private.items():
        face = types.ModuleType(name, module.__doc__)
        vars(face).update(vars(module), __builtins__=builtins)
        faces[id(module)] = sys.modules[name] = face
    for face in faces.values():
        for name, value in list(vars(face).items()):
            if isinstance(value, types.ModuleType) and id(value) in faces:
                vars(face)[name] = faces[id(value)]
    own = next(finder.builtins for finder in sys.meta_path if isinstance(finder, _Finder))
    own["__import__"] = _import_from(private)
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
    return list(private.values())


def _import_from(private: dict[str, types.ModuleType]) -> Any:
    """__import__ for labkit's own modules: what they import of labkit while they run is a first face too."""
    python = builtins.__import__  # Why: taken before a student's code can replace it

    def imported(name: str, space: Any = None, local: Any = None, wanted: Any = (), level: int = 0) -> Any:
        if level == 0 and name in private:
            for each in wanted or ():
                if f"{name}.{each}" in private:
                    vars(private[name]).setdefault(each, private[f"{name}.{each}"])
            return private[name] if wanted else private[PACKAGE]
        return python(name, space, local, wanted, level)

    return imported
