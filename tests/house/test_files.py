"""What is committed works on any machine: no path and no host of the one it was written on."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Written in pieces, so that this file passes its own test.
LOCAL = re.compile(
    r"(?<![\w./-])/(?:work|root|opt/pypi|opt/wheels|tmp/bash)" + r"[/_.][\w.]|\.pyenv" + r"/|index" + r"-url\b|find" + r"-links\b"
)


def local_names(file: Path) -> Iterator[str]:
    """Lines of a text file that name a place which only one machine has."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.splitlines(), 1):
        if found := LOCAL.search(line):
            yield f"{file.name}:{number}: {found[0]}"


@pytest.mark.requires("git")
def test_no_file_names_a_place_of_one_machine() -> None:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    files = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    assert len(files) > 20
    assert [where for file in files for where in local_names(file)] == []


@pytest.mark.parametrize("line", ["/wo" + "rk/main/labkit", "see /ro" + "ot/.cache", "pip --extra-index" + "-url x"])
def test_local_places_are_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "bad.txt").write_text(f"fine\n{line}\n", encoding="utf-8")
    assert [where.rpartition(": ")[0] for where in local_names(tmp_path / "bad.txt")] == ["bad.txt:2"]


@pytest.mark.parametrize("line", ["/work/", "work/03.ipynb", "git-ignored work/", "/proc/self/task", "/usr/bin/chromium"])
def test_places_that_every_machine_has_pass(tmp_path: Path, line: str) -> None:
    (tmp_path / "good.txt").write_text(line, encoding="utf-8")
    assert list(local_names(tmp_path / "good.txt")) == []
