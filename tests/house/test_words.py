"""One word per thing: public names of labkit use the words of GLOSSARY.md and not their rivals."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LABKIT = Path(__file__).parents[2] / "labkit"

SAY = {
    "backend": "machine", "checkpoint": "scheduling point", "coroutine": "thread", "engine": "machine", "execution": "run",
    "fiber": "thread", "fork": "spawn", "fuzz": "explore", "glitch": "race", "greenlet": "thread", "history": "trace",
    "ident": "tid", "iteration": "run", "job": "thread", "kick": "preempt", "mock": "simkernel", "pause": "sched_yield",
    "process": "thread", "quantum": "timeslice", "ready": "runnable", "reproduce": "replay", "runtime": "machine",
    "scheduler": "policy", "strategy": "policy", "swap": "switch", "task": "thread", "waiters": "wait queue",
    "widget": "view", "world": "machine",
}  # fmt: skip
"""rival → what to say instead."""

ELSEWHERE = {
    "execution": {"course", "grading"},  # execution_count is a field of the notebook format
    "fork": {"grading", "native", "qemu"},  # fork(2)
    "greenlet": {"machines/cooperative.py"},
    "history": {"course", "grading"},
    "ident": {"libpthread.py", "explore/shim_threads.py"},  # what threading calls it, which is no tid
    "iteration": {"course", "grading"},
    "job": {"course", "grading"},  # a piece of work of the build
    "process": {"course", "grading", "native", "qemu", "simkernel"},  # a process of the operating system; wake_up_process
    "ready": {"qemu"},
    "runtime": {"simkernel"},
    "scheduler": {"simkernel", "views"},  # "you are the scheduler"
    "task": {"simkernel", "qemu", "native", "taskinfo.py", "views/task_forest.py", "modulerun.py", "explore/shim_queue.py"},
    # what the kernel schedules; and queue's own task_done
    "widget": {"views"},  # anywidget's own names
    "world": {"simkernel"},
}
"""rival → folders or files where the word has its other, right sense."""


def words(name: str) -> list[str]:
    """A name cut into its words: runQueue_depth is run, queue, depth."""
    return [w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def public_names(file: Path) -> Iterator[tuple[int, str]]:
    """Line and name of what a module offers: itself, its top level, its classes' members, its functions' parameters."""
    yield 1, file.stem
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for scope in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
        for node in scope.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.lineno, node.name
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                yield from ((a.lineno, a.arg) for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs])
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
            yield from ((t.lineno, t.id) for t in targets if isinstance(t, ast.Name))


def rivals(folder: Path) -> Iterator[str]:
    """The public names that use a word for which the glossary has another one."""
    for file in sorted(folder.rglob("*.py")):
        where = file.relative_to(folder)
        for line, name in public_names(file):
            for word in [] if name.startswith("_") else words(name):
                if word in SAY and not ELSEWHERE.get(word, set()) & {where.parts[0], str(where)}:
                    yield f"{where}:{line} {name}: say {SAY[word]}, not {word}"


def test_public_names_use_the_words_of_the_glossary() -> None:
    assert list(rivals(LABKIT)) == []


def test_rival_words_are_seen_wherever_a_name_is_public(tmp_path: Path) -> None:
    (tmp_path / "engine.py").write_text(
        "QUANTUM_MS = 1\nclass JobList:\n    waiters: int\n    def pick(self, task): ...\ndef _swap(fiber): ...\n",
        encoding="utf-8",
    )
    assert [line.split(": ")[0] for line in rivals(tmp_path)] == [
        "engine.py:1 engine", "engine.py:1 QUANTUM_MS", "engine.py:2 JobList", "engine.py:3 waiters", "engine.py:4 task",
    ]  # fmt: skip


def test_a_word_may_keep_its_other_sense_in_its_own_room(tmp_path: Path) -> None:
    (tmp_path / "simkernel").mkdir()
    (tmp_path / "simkernel" / "task.py").write_text("def task(): ...\n", encoding="utf-8")
    assert list(rivals(tmp_path)) == []
