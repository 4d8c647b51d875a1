from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from labkit.course import doctor
from labkit.course.syllabus import NEEDS, Course
from labkit.native import cc


def test_everything_a_lesson_may_need_is_examined() -> None:
    findings = doctor.examine()
    assert set(NEEDS) <= set(findings)
    assert all(finding.works or finding.remedy for finding in findings.values())


def test_what_works_is_found_by_running_it() -> None:
    findings = doctor.examine()
    assert findings["cooperative"].seen == "ran two threads"
    assert findings["jupyterlab"].works


def test_a_missing_tool_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not doctor.examine()["chromium"].works
    assert "apt-get install" in doctor.examine()["chromium"].remedy


def test_a_compiler_is_found_by_letting_it_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cc, "find_compiler", lambda: cc.Compiler(("gcc-12",), "gcc-12 (Debian) 12.2.0"))
    assert doctor.examine()["cc"].seen == "gcc-12 (Debian) 12.2.0, called as gcc-12"

    def nothing() -> None:
        raise cc.NoCompiler(f"no C compiler works here: {cc.INSTALL}. cc is here, but: its headers are missing")

    monkeypatch.setattr(cc, "find_compiler", nothing)
    finding = doctor.examine()["cc"]
    assert not finding.works
    assert "apt-get install gcc libc6-dev" in finding.remedy
    assert "its headers are missing" in finding.remedy


def test_a_kernel_that_is_not_set_up_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LABKIT_CACHE_DIR", str(tmp_path))
    assert not doctor.examine()["qemu"].works
    assert "labkit kernel setup" in doctor.examine()["qemu"].remedy


def test_a_lesson_is_ready_unless_it_lacks_something(course: Course) -> None:
    findings = doctor.examine()
    assert doctor.for_lessons(course, findings) == [("3. Adding", "ready")]
    findings["cooperative"] = dataclasses.replace(findings["cooperative"], works=False, remedy="install it")
    assert doctor.for_lessons(course, findings) == [("3. Adding", "lacks cooperative machine: install it")]
