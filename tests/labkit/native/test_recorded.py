"""A recorded run shows where there is no compiler what it showed where there was one."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.native import NativeRun, NoCompiler, build, recorded, run
from labkit.native.recording import REGISTERS_OF
from labkit.native.symbols import Executable, names_and_lines
from tests.labkit.native.programs import FOLDER, LAWS, MACHINES, MAPS, main

pytestmark = pytest.mark.requires("linux")


def same(a: NativeRun, b: NativeRun) -> bool:
    """Everything that a lesson shows of a run; where it was compiled is nobody's business."""
    shown = ("stdout", "stderr", "exit", "signal", "warnings", "stacks", "switches", "backtraces", "syscalls")
    maps = [[replace(region, path="") for region in run.maps] for run in (a, b)]
    places = [[(place.thread, place.name, place.address, place.size) for place in run.places] for run in (a, b)]
    return (
        all(getattr(a, name) == getattr(b, name) for name in shown)
        and (a.trace, a.verdict(), maps[0], places[0]) == (b.trace, b.verdict(), maps[1], places[1])
    )  # fmt: skip


@pytest.mark.requires("cc")
@pytest.mark.parametrize("machine", MACHINES)
def test_nothing_is_lost_on_the_way_through_a_file(machine: str) -> None:
    for program in (LAWS, MAPS, FOLDER / "registers.c", main("*(volatile int *)8 = 1; return 0;")):
        done = run(program, machine, stdin="30 4 0")
        packed = recorded.pack(done)
        assert same(done, recorded.unpack(packed))
        assert len(packed) < 60_000
        assert str(done.program.path.parent).encode() not in gzip.decompress(packed)


@pytest.mark.requires("cc")
def test_without_a_compiler_a_recorded_run_is_shown_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lesson").mkdir()
    monkeypatch.setattr(recorded, "FOLDER", tmp_path)
    monkeypatch.setenv(recorded.RECORD_VARIABLE, str(tmp_path / "lesson"))
    done = run(LAWS)
    monkeypatch.delenv(recorded.RECORD_VARIABLE)

    def nothing() -> None:
        raise NoCompiler("none")

    monkeypatch.setattr(build, "find_compiler", nothing)
    kept = run(LAWS)
    assert kept.recorded
    assert same(done, kept)
    assert str(kept).startswith("0 10 20 30")  # where outputs are compared, the record stands for the run
    monkeypatch.delenv("LABKIT_QUIET")
    assert str(kept).startswith("(a recorded run: there is no C compiler here)\n0 10 20 30")
    with pytest.raises(NoCompiler):
        run(LAWS, switch="swapcontext")  # another run than the one that was kept


def test_the_key_changes_with_whatever_shapes_the_run() -> None:
    keys = [recorded.run_key("int", "uthread", stdin=""), recorded.run_key("int ", "uthread", stdin="")]
    keys += [recorded.run_key("int", "pthread", stdin=""), recorded.run_key("int", "uthread", stdin="1")]
    assert len(set(keys)) == 4


def test_the_key_changes_with_labkits_own_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recorded run of an older labkit would say what this one no longer says."""
    before = recorded.run_key("int", "uthread")
    shutil.copytree(recorded.HERE, tmp_path / "native", ignore=shutil.ignore_patterns("*.py", "recorded"))
    monkeypatch.setattr(recorded, "HERE", tmp_path / "native")
    keys = []
    for text in ("", "/* another comment */"):
        with (tmp_path / "native" / "fault.c").open("a", encoding="utf-8") as file:
            file.write(text)
        recorded.own_digest.cache_clear()
        keys.append(recorded.run_key("int", "uthread"))
    recorded.own_digest.cache_clear()
    assert (keys[0] == before, keys[1] == before) == (True, False)


@pytest.mark.requires("cc")
@pytest.mark.parametrize("processor", ["x86_64", "aarch64"])
def test_a_run_keeps_the_register_names_of_the_processor_that_it_ran_on(processor: str) -> None:
    done = run(LAWS)
    done.recording.processor = processor  # as if it had run there
    kept = recorded.unpack(recorded.pack(done))
    names = {name for switch in kept.switches for name in switch.registers}
    assert names
    assert names <= set(REGISTERS_OF[processor])


@pytest.mark.requires("cc")
def test_of_the_executable_names_and_lines_are_kept_and_little_else() -> None:
    done = run(LAWS)
    lean = names_and_lines(done.executable)
    assert Executable(lean).symbols == done.executable.symbols
    assert Executable(lean).lines == done.executable.lines
    assert len(gzip.compress(lean)) < len(gzip.compress(done.executable.data)) / 3
