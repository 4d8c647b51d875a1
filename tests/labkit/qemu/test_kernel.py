"""The real kernel: modules are built, run and taken away, and whatever they do, the next run is clean."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit import qemu
from labkit.errors import LabError
from labkit.qemu import snapshot
from labkit.qemu.build import Built
from labkit.qemu.config import Config
from labkit.qemu.snapshot import take_snapshot
from tests.qemu import modules

pytestmark = pytest.mark.requires("kernel")


@pytest.fixture(scope="module")
def kernel() -> qemu.Kernel:
    return qemu.boot()


@pytest.fixture(autouse=True)
def nothing_left_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After every test: no VM of this process, no folder of one."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield
    assert vms_below(os.getpid()) == []
    assert [path.name for path in tmp_path.glob("labkit-vm-*")] == []


def vms_below(pid: int) -> list[str]:
    """The QEMU processes whose parent is this process."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat, cmdline = (folder / "stat").read_text(), (folder / "cmdline").read_text()
        except OSError:
            continue
        if "qemu-system" in cmdline.split("\0")[0] and int(stat.rpartition(")")[2].split()[1]) == pid:
            found.append(folder.name)
    return found


def test_a_module_is_loaded_runs_and_is_stopped(kernel: qemu.Kernel) -> None:
    run = kernel.run_module(modules.STOPPED)
    assert (run.insmod_rc, run.rmmod_rc, run.verdict()) == (0, 0, "")
    assert run.dmesg[-1].text == "got 7"
    assert run.task("w/0").kthread


def test_the_same_run_gives_the_same_bytes(kernel: qemu.Kernel) -> None:
    one, two = (kernel.run_module(modules.LEFT, seed=3) for _ in range(2))
    assert str(one.dmesg) == str(two.dmesg)
    assert one.trace.raw == two.trace.raw
    assert one.tasks == two.tasks


def test_a_seed_replays_its_race_and_another_one_finds_another(kernel: qemu.Kernel) -> None:
    def counted(seed: int) -> str:
        return kernel.run_module(modules.LOST_UPDATE, seed=seed, trace=False).dmesg[-1].text

    seen = {seed: counted(seed) for seed in (1, 3, 5, 8)}
    assert {seed: counted(seed) for seed in (1, 3)} == {seed: seen[seed] for seed in (1, 3)}
    assert len(set(seen.values())) > 1


def test_two_boots_of_one_kernel_are_the_same_to_the_byte(kernel: qemu.Kernel, tmp_path: Path) -> None:
    first = kernel.snapshot.folder
    other = take_snapshot(kernel.image, kernel.config, lambda text: None, folder=tmp_path)
    assert (first / "ram").read_bytes() == (other.folder / "ram").read_bytes()
    there = qemu.Kernel(kernel.image, kernel.config, other)
    assert str(there.run_module(modules.STOPPED)) == str(kernel.run_module(modules.STOPPED))


@pytest.mark.parametrize("name", ["PANIC_IN_INIT", "PANIC_IN_EXIT", "OVERFLOW"])
def test_a_panic_ends_its_own_run_only(kernel: qemu.Kernel, name: str) -> None:
    assert kernel.run_module(getattr(modules, name)).panicked
    assert kernel.run_module(modules.STOPPED).verdict() == ""


def test_an_init_that_sleeps_for_ever_is_told_with_its_stack(kernel: qemu.Kernel) -> None:
    run = kernel.run_module(modules.SLEEPS)
    assert run.stuck == "insmod"
    assert run.stack("insmod")[0].startswith("msleep")


def test_an_endless_loop_is_ended_and_says_where_it_was(kernel: qemu.Kernel) -> None:
    run = kernel.run_module(modules.LOOPS, timeout_s=3)
    assert run.timed_out
    assert not run.panicked
    assert "lab_init" in run.console or "init_module" in run.console or "do_one_initcall" in run.console


def test_an_init_that_refuses_gives_its_errno(kernel: qemu.Kernel) -> None:
    run = kernel.run_module(modules.REFUSES)
    assert (run.insmod_rc, run.rmmod_rc) == (22, None)
    assert "Invalid argument" in run.verdict()


def test_a_flood_overruns_the_ring_and_nothing_else(kernel: qemu.Kernel) -> None:
    run = kernel.run_module(modules.FLOOD)
    assert run.rmmod_rc == 0
    assert 500 < len(run.dmesg) < 5000
    assert run.dmesg[-1].text.startswith("line 59999")


def test_parameters_reach_the_module(kernel: qemu.Kernel) -> None:
    source = modules.module('pr_info("n is %d\\n", n); return 0;', "", "static int n;\nmodule_param(n, int, 0);\n")
    assert kernel.run_module(source, params="n=5").dmesg[-1].text == "n is 5"


@pytest.mark.parametrize(("cpus", "preempt", "exact"), [(2, "full", False), (1, "none", True)])
def test_processors_and_preemption_are_chosen_at_boot(cpus: int, preempt: str, exact: bool) -> None:
    source = modules.module('pr_info("cpus %d\\n", num_online_cpus()); return 0;')
    run = qemu.boot(cpus=cpus, preempt=preempt, exact=exact).run_module(source)
    assert run.dmesg[-1].text == f"cpus {cpus}"


def test_runs_in_parallel_do_not_meet(kernel: qemu.Kernel) -> None:
    module = kernel.build(modules.STOPPED)
    runs: list[qemu.ModuleRun] = []
    threads = [threading.Thread(target=lambda: runs.append(kernel.run_module(module))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({str(run) for run in runs}) == 1
    assert len(runs) == 3


def test_files_of_a_run_are_for_the_user_alone(kernel: qemu.Kernel) -> None:
    module = kernel.build(modules.STOPPED)
    with kernel.snapshot.resume(b"while :; do :; done", module.ko) as vm:
        assert vm.folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in vm.folder.iterdir()} == {0o600}
        assert not any(path.is_socket() for path in vm.folder.iterdir())


def test_a_killed_python_leaves_no_vm(kernel: qemu.Kernel, tmp_path: Path) -> None:
    program = (
        "import os, sys\nfrom labkit import qemu\nk = qemu.boot()\n"
        "vm = k.snapshot.resume(b'while :; do :; done')\n"
        "print(vm.process.pid, vm.folder, flush=True)\nsys.stdin.read(1)\nos.kill(os.getpid(), 9)\n"
    )
    call = [sys.executable, "-c", program]
    env = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as child:
        assert child.stdout is not None
        pid, folder = child.stdout.readline().split()
        child.communicate("x")
    wait_until_gone(pid)
    wait_until_away(Path(folder))


def wait_until_gone(pid: str) -> None:
    """Wait until no process has this pid; the test's own time limit is the only clock."""
    while Path(f"/proc/{pid}/cmdline").exists() and "qemu" in Path(f"/proc/{pid}/cmdline").read_text():
        threading.Event().wait(0.01)


def wait_until_away(folder: Path) -> None:
    while folder.exists():
        threading.Event().wait(0.01)


def test_a_damaged_snapshot_is_seen_and_made_again(kernel: qemu.Kernel, tmp_path: Path) -> None:
    told: list[str] = []
    first = take_snapshot(kernel.image, kernel.config, told.append, folder=tmp_path)
    with first.ram.open("r+b") as ram:
        ram.seek(1 << 20)
        ram.write(b"damaged")
    again = take_snapshot(kernel.image, kernel.config, told.append, folder=tmp_path)
    assert "damaged" in told[-1]
    assert again.ram.read_bytes()[1 << 20 :][:7] != b"damaged"


def test_a_boot_whose_timer_went_off_is_not_kept(kernel: qemu.Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle, times = snapshot.settle_clock, iter(range(2))

    def unlucky(state: bytes) -> bytes:
        if next(times, None) is not None:
            raise snapshot.TimerFired("on purpose")
        return settle(state)

    monkeypatch.setattr(snapshot, "settle_clock", unlucky)
    made = take_snapshot(kernel.image, kernel.config, str, folder=tmp_path)
    there = qemu.Kernel(kernel.image, kernel.config, made)
    assert str(there.run_module(modules.STOPPED)) == str(kernel.run_module(modules.STOPPED))
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [made.folder.name]


def test_a_qemu_that_never_settles_is_refused(kernel: qemu.Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fired(state: bytes) -> bytes:
        raise snapshot.TimerFired("on purpose")

    monkeypatch.setattr(snapshot, "settle_clock", fired)
    monkeypatch.setattr(snapshot, "BOOTS_MAX", 2)
    with pytest.raises(LabError, match="would not repeat exactly"):
        take_snapshot(kernel.image, kernel.config, str, folder=tmp_path)
    assert not any(tmp_path.glob("*/state"))


def test_two_who_boot_at_once_boot_once(kernel: qemu.Kernel, tmp_path: Path) -> None:
    told: list[str] = []
    config = Config(1, "none")
    threads = [
        threading.Thread(target=take_snapshot, args=(kernel.image, config, told.append), kwargs={"folder": tmp_path})
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("booting the kernel once" in text for text in told) == 1


def test_what_the_compiler_refuses_is_told_at_the_line(kernel: qemu.Kernel) -> None:
    with pytest.raises(qemu.BadModule, match=r"lab\.c:2:9: error"):
        kernel.build("\nint x = ;\n")
    with pytest.raises(qemu.BadModule, match=r"lab\.c:3:9: error"):
        kernel.build("\nint x = ;\n", first_line=2)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (modules.STOPPED.replace('MODULE_LICENSE("GPL");', ""), "MODULE_LICENSE"),
        (modules.module("kthread_exit(1); return 0;"), "kthread_exit: this kernel has no such function for modules"),
        (modules.module("return kthread_park(0);").replace("GPL", "Proprietary"), "kthread_park is for modules under the GPL"),
        (modules.module("return nothing_like_this();"), "nothing_like_this"),
    ],
)
def test_what_cannot_be_linked_is_told_with_its_cure(kernel: qemu.Kernel, source: str, says: str) -> None:
    with pytest.raises(qemu.BadModule, match=says):
        kernel.build(source)


def test_the_same_source_is_built_once_and_holds_no_path(kernel: qemu.Kernel) -> None:
    built = kernel.build(modules.STOPPED)
    assert isinstance(built, Built)
    assert kernel.build(modules.STOPPED) == built
    assert str(kernel.image.root).encode() not in built.ko
    assert b"labkit-build" not in built.ko


@pytest.mark.parametrize("bad", [{"seed": -1}, {"wait_s": -1.0}, {"limit_s": 0.0}, {"params": "a='b'"}])
def test_orders_that_make_no_sense_are_refused(kernel: qemu.Kernel, bad: dict[str, object]) -> None:
    with pytest.raises(LabError):
        kernel.run_module(modules.STOPPED, **bad)  # type: ignore[arg-type]
