"""In a bubble there is Python and the one folder for writing; where there can be none, nothing is put before the command."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.grading import bubble, confine
from labkit.grading.command import tell_sandbox
from labkit.grading.pool import readable

LOOK = """
import json, os
print(json.dumps([os.listdir("/"), os.listdir("/home") if os.path.exists("/home") else [], os.path.exists({secret!r}),
                  [name for name in os.listdir("/proc") if name.isdigit()], os.listdir({work!r}), os.access("/usr", os.W_OK)]))
open({work!r} + "/mine", "w").close()
"""


def test_in_a_bubble_there_is_nothing_but_python_and_its_own_folder(tmp_path: Path) -> None:
    if not bubble.works():
        pytest.skip("no bubble can be made here: apt install bubblewrap, and namespaces must be allowed")
    work, secret = tmp_path / "work", tmp_path / "grades.sqlite"
    work.mkdir()
    secret.touch()
    code = LOOK.format(secret=str(secret), work=str(work))
    command = [*bubble.around(readable(), str(work)), sys.executable, "-I", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    whole = json.loads(done.stdout)
    assert not {"home", "sys", "boot", "srv"} & set(whole[0])
    assert whole[1] == []
    assert whole[2] is False, "a gradebook can be seen"
    assert len(whole[3]) <= 2, "processes of others can be seen"
    assert whole[4:] == [[], False]
    assert (work / "mine").exists()
    assert bubble.notes() == []


def test_without_bubblewrap_there_is_a_note_and_no_bubble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    bubble.works.cache_clear()
    try:
        assert bubble.around([], "/tmp") == []
        assert "apt install bubblewrap" in bubble.notes()[0]
    finally:
        bubble.works.cache_clear()


def test_the_doctor_says_how_well_grading_is_confined(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bubble, "works", lambda read=(): False)
    tell_sandbox()
    assert "can see which files exist" in capsys.readouterr().out
    monkeypatch.setattr(bubble, "works", lambda read=(): True)
    monkeypatch.setattr(confine, "missing", list)
    tell_sandbox()
    assert "can be confined here" in capsys.readouterr().out
