"""Where no kernel can run, what was recorded is shown, and it is said to be a recording."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from labkit import qemu
from labkit.limits import QUIET_VARIABLE
from labkit.qemu import start
from labkit.qemu.build import Built, digest
from labkit.qemu.config import Config
from labkit.qemu.recorded import RECORD_VARIABLE, Told, build_key, changed_runs, record, record_run, run_key
from labkit.qemu.start import RecordedKernel

CONSOLES = Path(__file__).parents[2] / "qemu" / "consoles"
SOURCE = "int answer = 42;"
WRONG = "int answer = ;"
TOLD = Told(
    (CONSOLES / "oops.console.log").read_bytes(),
    gzip.compress((CONSOLES / "oops.report.log").read_bytes(), mtime=0),
    (CONSOLES / "boot.tasks.log").read_text(encoding="utf-8"),
    said_goodbye=True,
    timed_out=False,
)


@pytest.fixture
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one recorded run: SOURCE with seed 7, otherwise as by default."""
    (tmp_path / "lesson").mkdir()
    monkeypatch.setenv(RECORD_VARIABLE, str(tmp_path / "lesson"))
    module = Built("lab", b"", "", digest("lab", SOURCE))
    for name in ("lab", "bal"):
        record(build_key(name, SOURCE), {"warnings": "a warning"})
    record(build_key("lab", WRONG), {"error": "lab.c:1: error: no such thing"})
    record_run(run_key(Config(1, "full", True), module, 0.35, 7, "", True, 10.0), "6.1.0-1-test", TOLD)
    return tmp_path


def test_a_recorded_run_tells_what_the_real_one_told(recordings: Path) -> None:
    kernel = RecordedKernel(Config(1, "full", True), recordings)
    seen: list[str] = []
    run = kernel.run_module(SOURCE, seed=7, watch=seen.append)
    assert (run.recorded, run.oopsed, run.insmod_rc, run.seed, run.warnings) == (True, True, 137, 7, "a warning")
    assert "\n".join(seen) == str(run.dmesg)
    assert str(kernel.run_module(kernel.build(SOURCE), seed=7).dmesg) == str(run.dmesg)


@pytest.mark.parametrize("change", [{"seed": 8}, {"params": "x=1"}, {"wait_s": 1.0}, {"trace": False}, {"name": "bal"}])
def test_a_run_that_nobody_recorded_says_how_to_get_the_real_kernel(recordings: Path, change: dict[str, object]) -> None:
    kernel = RecordedKernel(Config(1, "full", True), recordings)
    options: dict[str, object] = {"seed": 7} | change
    with pytest.raises(qemu.NoKernel, match="labkit kernel setup"):
        kernel.run_module(SOURCE, **options)  # type: ignore[arg-type]


def test_what_did_not_compile_does_not_compile_here(recordings: Path) -> None:
    kernel = RecordedKernel(Config(1, "full", True), recordings)
    with pytest.raises(qemu.BadModule, match="no such thing"):
        kernel.run_module(WRONG)
    with pytest.raises(qemu.NoKernel, match="labkit kernel setup"):
        kernel.build("int another;")


def test_a_hunt_needs_the_real_kernel(recordings: Path) -> None:
    with pytest.raises(qemu.NoKernel, match="a hunt needs the real kernel"):
        RecordedKernel(Config(1, "full", True), recordings).hunt(SOURCE, seeds=2)


def test_another_preemption_model_is_another_run(recordings: Path) -> None:
    with pytest.raises(qemu.NoKernel):
        RecordedKernel(Config(1, "none", True), recordings).run_module(SOURCE, seed=7)


def test_recording_twice_gives_the_same_bytes(recordings: Path) -> None:
    (path,) = (path for path in (recordings / "lesson").glob("*.run") if not path.name.startswith("build-"))
    before = path.read_bytes()
    record_run(path.stem, "6.1.0-1-test", TOLD)
    assert path.read_bytes() == before


def test_boot_without_a_kernel_says_that_runs_are_recorded(
    recordings: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LABKIT_CACHE_DIR", str(tmp_path / "nothing"))
    monkeypatch.setattr(start, "FOLDER", recordings)
    monkeypatch.delenv(QUIET_VARIABLE)
    kernel = qemu.boot()
    assert isinstance(kernel, RecordedKernel)
    assert "recorded runs of Linux 6.1.0-1-test" in capsys.readouterr().out
    with pytest.raises(qemu.NoKernel):
        qemu.boot(recordings=False)


def test_boot_with_neither_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LABKIT_CACHE_DIR", str(tmp_path / "nothing"))
    monkeypatch.setattr(start, "FOLDER", tmp_path)
    with pytest.raises(qemu.NoKernel, match="labkit kernel setup"):
        qemu.boot()


def test_runs_that_changed_are_named_with_what_changed(recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = recordings / "lesson", tmp_path / "again"
    shutil.copytree(old, new)
    assert changed_runs(old, new) == []
    monkeypatch.setenv(RECORD_VARIABLE, str(new))
    record_run("one", "6.1.0-1-test", TOLD)
    monkeypatch.setenv(RECORD_VARIABLE, str(old))
    record_run("one", "6.1.0-1-test", TOLD._replace(console=b"other first line"))
    record_run("two", "6.1.0-1-test", TOLD)
    first = TOLD.console.decode(errors="replace").splitlines()[0]
    assert changed_runs(old, new) == [
        f"one.run differs in its console: {first!r} where 'other first line' stood",
        "two.run is not made any more",
    ]
    assert changed_runs(new, old)[1:] == ["two.run is new"]
