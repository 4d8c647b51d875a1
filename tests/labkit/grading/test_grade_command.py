"""The command as an instructor types it."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner

from labkit.cli import main
from tests.labkit.grading import kit


def test_one_command_makes_a_gradebook_of_a_folder(tmp_path: Path) -> None:
    right = kit.solutions(6)
    wrong = right | {"6b": "class TasLock:\n    def acquire(self): pass\n    def release(self): pass\n"}
    for student, written in {"ada": right, "bob": wrong, "eve": {}}.items():
        kit.hand_in(tmp_path / "in", student, 6, written)
    done = CliRunner().invoke(main, ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "-j", "1"])
    assert done.exit_code == 0, done.output
    table = (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    lines = {line["student"]: line for line in csv.DictReader(table)}
    assert float(lines["ada"]["points"]) == float(lines["ada"]["out_of"]) > 0
    assert float(lines["bob"]["points"]) < float(lines["ada"]["points"])
    assert "6b failed" in lines["bob"]["states"]
    assert float(lines["eve"]["points"]) == 0
    assert "6b not attempted" in lines["eve"]["states"]
