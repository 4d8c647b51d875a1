"""Style, types and floors: what `make check` runs is also law in `make test`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def check(program: str, *arguments: str) -> None:
    """Let a checker of this venv look at the whole tree; fail with its own words."""
    call = [str(Path(sys.executable).parent / program), *arguments]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.fail(f"{program} {' '.join(arguments)} finds:\n{done.stdout}{done.stderr}", pytrace=False)


def test_ruff_finds_nothing() -> None:
    check("ruff", "check", "--output-format", "concise")


def test_ruff_would_format_nothing_otherwise() -> None:
    check("ruff", "format", "--check")


def test_types_are_right_under_mypy_strict() -> None:
    check("mypy")


def test_floors_and_doors_hold() -> None:
    check("lint-imports", "--no-logo", "--no-cache")
