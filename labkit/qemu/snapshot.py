"""Boot once, resume often: the guest's memory lies in a file of the cache, and each run maps it copy-on-write.

The snapshot is the memory file plus 300 KB of device state (QEMU's migration stream with x-ignore-shared, which leaves the
memory out). A resume maps the file privately: nothing is copied until the guest writes. In exact mode two boots give the
same memory, byte for byte, and so do two machines with the same packages. All runs of one snapshot agree in every stamp.
The clock needs settling for that, see settle_clock().
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from labkit.errors import LabError
from labkit.qemu.config import Config
from labkit.qemu.fetch import sha256_of
from labkit.qemu.image import Image, locked
from labkit.qemu.initramfs import pack
from labkit.qemu.vm import MEMORY_MB, VM

BOOT_S: Final = 120.0
"""The longest a boot may take: 3 s is usual, 10 s on a busy machine."""
BOOTS_MAX: Final = 12
"""So many boots in a row that cannot be settled are no chance any more."""
FORMAT: Final = 2
"""Raised when a snapshot of an older labkit must not be used: 2 has its clock settled."""
ICOUNT_SHIFT: Final = 3
"""QEMU's -icount shift, see config.py: an instruction takes 2³ ns."""
APIC_BYTES: Final = 512
"""More than the CPU's interrupt controller takes in the stream."""
TICKS_NS: Final = 1_000_000_000
"""The next timer is due within this time: ticks come every 4 ms, and an idle CPU leaves some out."""
FILES: Final = ("ram", "state", "tasks")
KEY_CHARS: Final = 16
_checked: dict[Path, Any] = {}
"""Snapshots whose checksums this process has seen to be right, with the files' times then."""


@dataclass(frozen=True)
class Snapshot:
    """A booted kernel, stopped just before its first run."""

    image: Image
    config: Config
    folder: Path

    @property
    def ram(self) -> Path:
        """The guest's memory."""
        return self.folder / "ram"

    @property
    def state(self) -> Path:
        """The state of CPUs and devices."""
        return self.folder / "state"

    @property
    def tasks(self) -> str:
        """The tasks that are there from the start, as files of /proc."""
        return (self.folder / "tasks").read_text("utf-8", "surrogateescape")

    def resume(self, orders: bytes, module: bytes = b"") -> VM:
        """A fresh copy of the booted kernel, running; the caller closes it.

        Args:
            orders: the shell script that the guest follows.
            module: what it finds as /module.ko.
        """
        return self.resume_with(pack(orders, module))

    def resume_with(self, given: bytes) -> VM:
        """The same with other bytes in the guest's firmware; the caller closes it."""
        vm = VM(self.image, self.config, self.ram, False, given, ("-incoming", "defer"))
        try:
            with self.state.open("rb") as state:
                vm.resume(state.fileno())
        except BaseException:
            vm.close()
            raise
        return vm


def take_snapshot(
    image: Image, config: Config, tell: Any = print, folder: Path | None = None, own: bytes | None = None
) -> Snapshot:
    """The snapshot of this configuration: from the cache, or made now by booting. Two callers at once make one.

    Args:
        image: the kernel.
        config: processors and boot parameters.
        tell: called with a sentence when something is done that takes time.
        folder: where snapshots are kept; the cache if None.
        own: other first files than the image's: an initramfs whose /init leaves its tasks in memory, see lean.py.
    """
    known = [FORMAT, image.fingerprint, asdict(config), config.kernel_line(), config.arguments(), MEMORY_MB]
    facts = json.dumps(known if own is None else [*known, hashlib.sha256(own).hexdigest()])
    name = config.name
    folder = (folder or image.folder / "snapshots") / f"{name}-{hashlib.sha256(facts.encode()).hexdigest()[:KEY_CHARS]}"
    snapshot = Snapshot(image, config, folder)
    if _sound(snapshot):
        return snapshot
    with locked(folder, lambda: tell("another program is booting this kernel; waiting for it")):
        if _sound(snapshot):
            return snapshot
        if folder.exists():
            tell("the saved kernel in the cache is damaged; it is booted again")
        else:
            tell(f"booting the kernel once ({name}); later runs resume this boot")
        _boot(snapshot, own)
        for old in set(folder.parent.glob(f"{name}-{'?' * KEY_CHARS}")) - {folder}:  # made with other pieces
            shutil.rmtree(old, ignore_errors=True)
    return snapshot


class TimerFired(LabError):
    """The timer went off while QEMU was stopping: a state that cannot be settled."""


def _boot(snapshot: Snapshot, own: bytes | None) -> None:
    """Boot until QEMU stops with its timer still to come.

    # Race: a stopped QEMU looks for timers that are due once more, or not, as its threads happen to meet; one boot in seven
    # was seen to lose its timer so, on a busy machine. What it leaves then is another state, and no two runs would agree.
    """
    for _ in range(BOOTS_MAX):
        try:
            _boot_once(snapshot, own)
        except TimerFired:
            continue
        return
    raise LabError("this QEMU writes its snapshots in another way than QEMU 7.2; its runs would not repeat exactly")


def _boot_once(snapshot: Snapshot, own: bytes | None) -> None:
    fresh = snapshot.folder.with_name(snapshot.folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    try:
        with (fresh / "ram").open("wb") as ram:
            ram.truncate(MEMORY_MB << 20)
        with VM(snapshot.image, snapshot.config, fresh / "ram", True, own) as vm:
            if not vm.wait_event("GUEST_PANICKED", BOOT_S):  # bin/stop: stopped within the instruction
                raise LabError(f"the kernel did not boot in {BOOT_S:g} s; its console:\n{vm.read('console').decode()[-2000:]}")
            (fresh / "tasks").write_bytes(vm.read("control") if own is None else vm.read_memory(snapshot.config.cpus))
            with (fresh / "state").open("wb") as state:
                vm.qmp("migrate-set-capabilities", capabilities=[{"capability": "x-ignore-shared", "state": True}])
                vm.qmp("getfd", fd=state.fileno(), fdname="state")
                vm.qmp("migrate", uri="fd:state")
                while (status := vm.qmp("query-migrate").get("status")) not in ("completed", "failed"):
                    pass
                if status == "failed":
                    raise LabError("QEMU could not save the booted kernel; is the disk full?")
        if snapshot.config.exact:
            (fresh / "state").write_bytes(settle_clock((fresh / "state").read_bytes()))
        sums = {name: sha256_of(fresh / name) for name in FILES}
        (fresh / "sums.json").write_text(json.dumps(sums), encoding="utf-8")
        shutil.rmtree(snapshot.folder, ignore_errors=True)
        fresh.rename(snapshot.folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def settle_clock(state: bytes) -> bytes:
    """The device state with its clock at the next tick of the timer, wherever QEMU left it.

    Why: where QEMU finds the stopped CPU idle before it has noted the stop itself, it skips to the next timer
    (icount_start_warp_timer, QEMU 7.2); whether it does depends on the host, and each run would begin up to 4 ms apart. The
    stream names the parts that matter: "timer/icount" (bias and instructions counted, 64 bits each) and the CPU's "apic",
    whose last two fields both say when its timer is due.

    Raises:
        TimerFired: the timer has gone off already.
    """
    icount = state.find(b"timer/icount") + len(b"timer/icount") + 4
    bias, counted = struct.unpack_from(">qq", state, icount)
    now = bias + (counted << ICOUNT_SHIFT)
    apic = state.find(b"\x04apic")
    for place in range(apic, min(apic + APIC_BYTES, len(state) - 16)):
        due, again = struct.unpack_from(">qq", state, place)
        if due == again and now <= due < now + TICKS_NS:
            return state[:icount] + struct.pack(">q", bias + due - now) + state[icount + 8 :]
    raise TimerFired("QEMU stopped with no timer to come")


def _sound(snapshot: Snapshot) -> bool:
    """Are the files there, with the checksums they had when they were made? Read once for each process."""
    folder = snapshot.folder
    try:
        seen = [(s.st_ino, s.st_size, s.st_mtime_ns) for s in (os.stat(folder / name) for name in FILES)]
        if _checked.get(folder) == seen:
            return True
        sums = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
        if any(sha256_of(folder / name) != sums[name] for name in FILES):
            return False
    except (OSError, ValueError, KeyError):
        return False
    _checked[folder] = seen
    return True
