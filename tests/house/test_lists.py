"""Lists that are written by hand for a reader stay in step with what they list."""

from __future__ import annotations

import re
import runpy
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SETTINGS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
KINDS = {".py", ".js", ".c", ".h", ".S"}


def entries(text: str) -> list[str]:
    """The lines of a list that are neither empty nor a comment."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def differences(listed: list[str], real: list[str]) -> list[str]:
    """What a list forgets, invents or says twice."""
    forgotten = [f"missing: {name}" for name in sorted(set(real) - set(listed))]
    invented = [f"listed, but not there: {name}" for name in sorted(set(listed) - set(real))]
    return forgotten + invented + [f"listed twice: {name}" for name in sorted({n for n in listed if listed.count(n) > 1})]


def floors(layers: list[str]) -> dict[str, int]:
    """Room → floor, from import-linter's layers, which stand top floor first."""
    return {room: floor for floor, line in enumerate(reversed(layers)) for room in re.findall(r"\w+", line)}


def descents(listed: list[str], floor: dict[str, int]) -> list[str]:
    """The places where a reading order goes down a floor; files that are on no floor may stand anywhere."""
    placed = [(floor[room], name) for name in listed if (room := Path(name).parts[1].removesuffix(".py")) in floor]
    return [f"{b[1]} (floor {b[0]}) after {a[1]} (floor {a[0]})" for a, b in pairwise(placed) if b[0] < a[0]]


def reading_order() -> list[str]:
    """The files of READING-ORDER."""
    return entries((ROOT / "READING-ORDER").read_text(encoding="utf-8"))


def test_reading_order_names_every_file_of_labkit_once() -> None:
    real = [str(f.relative_to(ROOT)) for f in (ROOT / "labkit").rglob("*") if f.suffix in KINDS and f.stat().st_size]
    assert differences(reading_order(), real) == []


def test_reading_order_climbs_the_floors() -> None:
    layers = next(c for c in SETTINGS["tool"]["importlinter"]["contracts"] if c["id"] == "floors")["layers"]
    assert descents(reading_order(), floors(layers)) == []


def test_lists_see_what_is_wrong() -> None:
    assert differences(["a", "b", "b"], ["a", "c"]) == ["missing: c", "listed, but not there: b", "listed twice: b"]
    floor = floors(["cli", "sync | program", "(machines)", "thread : limits"])
    assert floor == {"thread": 0, "limits": 0, "machines": 1, "sync": 2, "program": 2, "cli": 3}
    assert descents(["labkit/thread.py", "labkit/bootstrap.py", "labkit/sync/mutex.py"], floor) == []
    assert descents(["labkit/sync/mutex.py", "labkit/thread.py"], floor) == [
        "labkit/thread.py (floor 0) after labkit/sync/mutex.py (floor 2)"
    ]


def test_environment_yml_asks_for_what_pyproject_asks_for() -> None:
    project = SETTINGS["project"]
    wanted = [
        f"python{project['requires-python']}",
        "pip",
        "c-compiler",
        *project["dependencies"],
        *project["optional-dependencies"]["course"],
    ]
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    listed = [line.removeprefix("- ").strip('"') for line in entries(text.partition("dependencies:")[2]) if line != "- pip:"]
    assert differences(listed, [*wanted, "-e ."]) == []


def test_makefile_is_a_menu_without_logic() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipes = re.findall(r"^([a-z-]+):.*\n((?:\t.*\n)*)", text, flags=re.MULTILINE)
    wrong = [
        name for name, lines in recipes if name != "menu" and not re.fullmatch(rf"\t\$\(START\) {name}( \$\(ARGS\))?\n", lines)
    ]
    assert wrong == []
    assert recipes[0][0] == "menu"  # what bare make runs


def test_makefile_offers_what_bootstrap_knows() -> None:
    commands = runpy.run_path(str(ROOT / "labkit" / "bootstrap.py"))["COMMANDS"]
    offered = re.findall(r"\$\(START\) ([a-z-]+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert differences(offered, [*commands, "clean"]) == ["missing: python"]


def test_apt_txt_is_plain_names() -> None:
    """Binder hands the lines to apt-get as they are."""
    lines = (ROOT / "apt.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", line)] == []
    assert lines == sorted(set(lines))
