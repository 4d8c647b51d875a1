"""A run that is watched tells its log line by line, and is the same run as one that is not."""

from __future__ import annotations

import mmap
import os
import threading
from pathlib import Path

import pytest

from labkit import qemu
from labkit.qemu import live
from labkit.qemu.vm import VM
from tests.qemu import modules

pytestmark = pytest.mark.requires("kernel")
SLOW = modules.module(
    'int i; for (i = 0; i < 4; i++) { pr_info("line %d\\n", i); pr_warn("two\\nlines\\n"); mdelay(200); } return 0;'
)


@pytest.fixture(scope="module")
def kernel() -> qemu.Kernel:
    return qemu.boot()


@pytest.mark.parametrize("source", [SLOW, modules.STOPPED, modules.PANIC_IN_EXIT, modules.FLOOD])
def test_every_line_is_given_once_and_the_bytes_stay_the_same(kernel: qemu.Kernel, source: str) -> None:
    lines: list[str] = []
    watched = kernel.run_module(source, watch=lines.append)
    assert sorted(lines[-len(watched.dmesg) :]) == sorted(map(str, watched.dmesg))  # of a flood, more is seen than is kept
    assert str(watched) == str(kernel.run_module(source))


def test_lines_come_while_the_guest_runs(kernel: qemu.Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    running: list[VM] = []
    seen: list[str] = []
    resume = kernel.snapshot.resume

    def note(*args: bytes) -> VM:
        running.append(resume(*args))
        return running[0]

    def watch(line: str) -> None:
        process = running[0].process
        if process is not None and process.poll() is None:
            seen.append(line)

    monkeypatch.setattr(type(kernel.snapshot), "resume", lambda self, *args: note(*args))
    run = kernel.run_module(modules.LOOPS.replace("for (;;)", 'pr_info("now\\n"); for (;;)'), watch=watch, timeout_s=1.5)
    assert run.timed_out
    assert any(line.endswith("] now") for line in seen)


def test_an_error_of_the_watcher_ends_the_run(kernel: qemu.Kernel) -> None:
    before = threading.active_count()

    def watch(line: str) -> None:
        raise ValueError(line)

    with pytest.raises(ValueError, match="lab: loading"):
        kernel.run_module(SLOW, watch=watch)
    assert threading.active_count() == before


@pytest.mark.parametrize("byte", [b"\0", b"\x7f", b"\xff"])
def test_a_memory_that_makes_no_sense_gives_no_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, byte: bytes) -> None:
    """A guest that dies may have written anything where its log was: here every byte is the same."""
    ram = tmp_path / "ram"
    ram.write_bytes(byte * (1 << 20))
    names = ["prb", *(f"printk_ringbuffer.{name}" for name in ("desc_ring", "text_data_ring"))]
    names += [f"prb_desc_ring.{name}" for name in ("head_id", "tail_id", "descs", "infos")]
    monkeypatch.setattr(
        live, "_facts", lambda ram: dict.fromkeys(names, 0) | {"prb": live.KERNEL, "prb_desc": 24, "printk_info": 88}
    )
    with ram.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ):
        watcher = live.Watcher(os.getpid(), ram, pytest.fail)
        watcher.look()


def test_a_guest_that_ends_between_two_reads_gives_no_more(kernel: qemu.Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    pread = os.pread

    def ends(fd: int, size: int, at: int) -> bytes:
        reads.append(size)
        return pread(fd, size, at) if len(reads) < 40 else b""

    monkeypatch.setattr(os, "pread", ends)
    lines: list[str] = []
    watched = kernel.run_module(modules.STOPPED, watch=lines.append)
    assert len(reads) >= 40
    assert sorted(lines) == sorted(map(str, watched.dmesg))
