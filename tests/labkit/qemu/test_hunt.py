"""A hunt finds races, replays them byte for byte, and leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit import qemu
from labkit.errors import LabError
from labkit.qemu import hunt as hunting
from labkit.qemu.lean import Orders
from labkit.qemu.perturb import KINDS, plan, read_places
from tests.qemu import modules
from tests.qemu.bugs import BUGS

QUICK = [bug for bug in BUGS if bug.name in ("lost_update", "room_for_one", "start_before_ready")]
OBJDUMP = """
Disassembly of section .text:

0000000000000000 <w>:
   0:\tcall   5 <w+0x5>
\t\t\t1: R_X86_64_PLT32\t__fentry__-0x4
   5:\tmov    0x0(%rip),%eax        # b <w+0xb>
\t\t\t7: R_X86_64_PC32\t.bss-0x4
   b:\tlea    0x8(%rsp),%rdi
  10:\tcall   15 <w+0x15>
\t\t\t11: R_X86_64_PLT32\tcomplete-0x4
  15:\txor    %eax,%eax

Disassembly of section .init.text:

0000000000000000 <init_module>:
   0:\tcall   5 <init_module+0x5>
\t\t\t1: R_X86_64_PLT32\twake_up_process-0x4
   5:\tret
"""


@pytest.fixture(scope="module")
def kernel() -> qemu.Kernel:
    return qemu.boot(recordings=False)


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After every test: no VM's folder, no thread of a hunt, no child that is a QEMU."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield
    assert [path.name for path in tmp_path.glob("labkit-vm-*")] == []
    assert not any(thread.name.startswith("labkit-hunt") for thread in threading.enumerate())
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    assert not any("qemu" in Path(f"/proc/{pid}/cmdline").read_text() for path in children for pid in path.read_text().split())


def test_places_are_calls_and_accesses_but_not_the_compilers_own() -> None:
    places = read_places(OBJDUMP)
    assert [str(place) for place in places.calls] == [
        "w+0x10 (call of complete)", "w+0x15 (behind complete)",
        "init_module+0x0 (call of wake_up_process)", "init_module+0x5 (behind wake_up_process)",
    ]  # fmt: skip
    assert [str(place) for place in places.accesses] == ["w+0x5 (access to memory)"]
    assert [place.once for place in places.calls] == [False, False, True, True]


def test_a_seed_always_plans_the_same_and_others_plan_otherwise() -> None:
    places = read_places(OBJDUMP)
    plans = [plan(seed, KINDS, places, Orders()) for seed in range(40)]
    assert plans == [plan(seed, KINDS, places, Orders()) for seed in range(40)]
    assert len({orders for orders, _ in plans}) == 40


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_kinds_that_were_asked_for_disturb(kind: str) -> None:
    for seed in range(40):
        orders, _ = plan(seed, (kind,), read_places(OBJDUMP), Orders())
        assert (orders.phase_us > 0) <= (kind == "phase")
        assert (orders.waits_s != Orders().waits_s) <= (kind == "waits")
        allowed = {"slices": {"s"}, "calls": {"p"}, "accesses": {"p"}}
        assert {line[0] for line in orders.points.splitlines()} <= allowed.get(kind, set())


@pytest.mark.requires("kernel")
@pytest.mark.parametrize("bug", QUICK, ids=lambda bug: bug.name)
def test_the_bug_is_found_within_its_seeds_and_the_right_version_passes_them(kernel: qemu.Kernel, bug: object) -> None:
    assert isinstance(bug, type(BUGS[0]))
    found = kernel.hunt(bug.source(), bug.check, bug.within, bug.kinds, enough=1)
    assert found.failing
    tried = sorted(found.why)
    assert kernel.hunt(bug.source(right=True), bug.check, tried, bug.kinds).passing == tried


@pytest.mark.requires("kernel")
@pytest.mark.parametrize("kind", ["slices", "calls", "accesses", "waits"])
def test_a_replay_is_the_same_run_to_the_byte_and_has_its_trace(kernel: qemu.Kernel, kind: str) -> None:
    told: dict[int, str] = {}

    def check(run: qemu.ModuleRun) -> bool:
        told[run.seed] = str(run)
        return True

    found = kernel.hunt(modules.LOST_UPDATE, check, [3, 4], ("phase", kind))
    for seed in (3, 4):
        replayed = found.replay(seed)
        assert str(replayed) == told[seed]
        assert {"inc/0", "inc/1"} <= set(replayed.trace.threads.values())


@pytest.mark.requires("kernel")
def test_without_a_check_what_the_kernel_complains_about_fails(kernel: qemu.Kernel) -> None:
    sources = {"panic": modules.PANIC_IN_EXIT, "oops": modules.OOPS, "stuck": modules.SLEEPS, "left": modules.LEFT}
    for name, source in sources.items():
        assert kernel.hunt(source, seeds=[1], perturb=("phase",)).failing == [1], name
    found = kernel.hunt(modules.STOPPED, seeds=2, perturb=("phase",))
    assert (found.failing, found.passing, found.share, found.complete) == ([], [0, 1], 0.0, True)


@pytest.mark.requires("kernel")
def test_a_kernel_that_nobody_can_run_in_any_more_ends_itself(kernel: qemu.Kernel) -> None:
    source = modules.module("preempt_disable(); for (;;) barrier(); return 0;")
    run = kernel.hunt(source, seeds=[1], perturb=("phase",)).replay(1)
    assert run.panicked
    assert not run.timed_out
    assert "keeps the processor" in str(run)


@pytest.mark.requires("kernel")
def test_an_exception_in_check_is_told_with_the_seed(kernel: qemu.Kernel) -> None:
    def check(run: qemu.ModuleRun) -> bool:
        raise KeyError("counter")

    with pytest.raises(LabError, match=r"seed [789]: KeyError"):
        kernel.hunt(modules.STOPPED, check, [7, 8, 9])


@pytest.mark.requires("kernel")
def test_ctrl_c_keeps_what_is_done(kernel: qemu.Kernel) -> None:
    done: list[int] = []

    def check(run: qemu.ModuleRun) -> bool:
        done.append(run.seed)
        if len(done) == 2:
            raise KeyboardInterrupt
        return True

    found = kernel.hunt(modules.STOPPED, check, 50)
    assert not found.complete
    assert found.passing == done[:1]
    assert "not complete" in str(found)


@pytest.mark.parametrize("bad", [{"seeds": 0}, {"seeds": [-1]}, {"seeds": ["a"]}, {"perturb": ("moon",)}, {"cycles": 0}])
@pytest.mark.requires("kernel")
def test_a_hunt_that_makes_no_sense_is_refused(kernel: qemu.Kernel, bad: dict[str, object]) -> None:
    with pytest.raises(LabError):
        kernel.hunt(modules.STOPPED, **bad)  # type: ignore[arg-type]


@pytest.mark.requires("kernel")
def test_a_hunt_says_in_words_what_it_found(kernel: qemu.Kernel) -> None:
    found = kernel.hunt(modules.LEFT, seeds=3, perturb=("phase",))
    assert str(found).startswith("3 seeds tried. 3 fail (100.0%), 0 pass.\nfailing: 0, 1, 2\n")
    assert "hunt.replay(0)" in str(found)
    assert "phase" in found.explain(0)
    assert hunting.wrong(found.replay(0)).startswith("BUG: ")
