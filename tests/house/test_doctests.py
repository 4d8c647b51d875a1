"""Every example in a docstring of labkit gives what it says."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WITH_EXAMPLES = sorted(
    str(f.relative_to(ROOT)) for f in (ROOT / "labkit").rglob("*.py") if ">>> " in f.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("file", WITH_EXAMPLES)
def test_examples_are_true(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0, capsys.readouterr().out
