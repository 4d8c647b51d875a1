"""One QEMU process: a private folder, no network, a time limit, and nothing left running whatever happens.

The guest's two serial ports write into files, which never block: a socket that nobody drains would stop the guest, and in
exact mode the reader's pace would show in the guest's clock. QMP, QEMU's control language, runs over a socket pair that
has no name in the file system (QEMU's docs/interop/qmp-spec.txt).
"""

from __future__ import annotations

import contextlib
import resource
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from labkit.qemu.config import Config
from labkit.qemu.image import Image
from labkit.qemu.initramfs import LEAVE_CODE, LEAVE_PORT
from labkit.qemu.qmp import Qmp, QmpError

MEMORY_MB: Final = 128
OUTPUT_BYTES: Final = 64 << 20
"""The most a guest may write to one serial port; QEMU is ended when it writes more."""
ARRIVE_S: Final = 20.0
"""The longest a resume may take."""
POLL_S: Final = 0.002
REPORT: Final = 0x10000000
"""Where runner.c's memory begins; lean.py tells the linker."""

WATCHDOG: Final = 'read -r _ <&0; kill -9 "$1" 2>/dev/null; rm -rf "$2"'
"""Waits until its input ends, which happens when Python dies in whatever way; then nothing of the VM is left.

Why: prctl's PR_SET_PDEATHSIG would do for the process, and fires too when only the thread that started QEMU ends.
"""


class VM:
    """A running QEMU; use it in a with statement.

    Args:
        image: the kernel.
        config: its processors and boot parameters.
        ram: the file that is the guest's memory.
        share: writes go into that file; else they stay private to this process.
        given: what the guest finds in its firmware; the initramfs if None.
        extra: more arguments.
    """

    def __init__(
        self, image: Image, config: Config, ram: Path, share: bool, given: bytes | None, extra: tuple[str, ...] = ()
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="labkit-vm-"))  # Invariant: mkdtemp makes it 0700
        self.process: subprocess.Popen[bytes] | None = None
        self.watchdog: subprocess.Popen[bytes] | None = None
        ours, theirs = socket.socketpair()
        self._qmp = Qmp(ours)
        try:
            with theirs:
                self._start(image, config, ram, share, given, extra, theirs.fileno())
            self._qmp.reply()  # the greeting
            self.qmp("qmp_capabilities")
        except BaseException as error:
            errors = self.folder / "errors"
            said = errors.read_text("utf-8", "replace").strip() if errors.exists() else ""
            self.close()
            if isinstance(error, QmpError) and said:
                raise QmpError(f"{error}\n{said[-1000:]}") from None
            raise

    def _start(
        self, image: Image, config: Config, ram: Path, share: bool, given: bytes | None, extra: tuple[str, ...], fd: int
    ) -> None:
        machine = [*("-machine", "pc,memory-backend=ram"), *("-cpu", "qemu64"), *("-m", str(MEMORY_MB))]
        memory = f"memory-backend-file,id=ram,size={MEMORY_MB}M,mem-path={ram},share={'on' if share else 'off'}"
        nothing = ["-nodefaults", "-no-user-config", "-nic", "none", "-display", "none", "-no-reboot"]
        leave = ["-device", f"isa-debug-exit,iobase={LEAVE_PORT:#x},iosize=1"]
        ports = []
        for name in ("console", "control"):
            ports += ["-chardev", f"file,id={name},path={self.folder / name}", "-serial", f"chardev:{name}"]
        initrd = image.initramfs
        if given is not None:
            initrd = self.folder / "given"
            initrd.touch(0o600)
            initrd.write_bytes(given)
        call = [
            *image.qemu, *config.arguments(), *machine, "-object", memory, *nothing, *leave,
            "-action", "panic=pause", "-device", "pvpanic",
            "-kernel", str(image.vmlinuz), "-initrd", str(initrd), "-append", config.kernel_line(),
            *ports, "-chardev", f"socket,id=qmp,fd={fd}", "-mon", "chardev=qmp,mode=control", *extra,
        ]  # fmt: skip
        (self.folder / "errors").touch(0o600)
        with (self.folder / "errors").open("wb") as errors:
            # Why a session of its own: Ctrl-C in a terminal goes to Python, which then ends QEMU in order.
            self.process = subprocess.Popen(
                call, env=image.environment, pass_fds=(fd,), stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                start_new_session=True, umask=0o077, cwd=self.folder,
            )  # fmt: skip
        words = ["sh", "-c", WATCHDOG, "labkit-watchdog", str(self.process.pid), str(self.folder)]
        self.watchdog = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            resource.prlimit(self.process.pid, resource.RLIMIT_CORE, (0, 0))
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (max(OUTPUT_BYTES, MEMORY_MB << 20),) * 2)
        except ProcessLookupError:
            pass  # it has failed already, and the greeting will say so

    def qmp(self, command: str, fd: int | None = None, **arguments: Any) -> Any:
        """Give QEMU a command, with a file if it takes one; returns its answer."""
        return self._qmp.call(command, fd, **arguments)

    def wait_event(self, event: str, seconds: float) -> bool:
        """Wait until QEMU tells this event; False when the time is up first."""
        return self._qmp.wait_event(event, seconds)

    def resume(self, state: int) -> None:
        """Take over a snapshot's device state from an open file, and let the guest run."""
        self.qmp("migrate-set-capabilities", capabilities=[{"capability": "x-ignore-shared", "state": True}])
        self.qmp("getfd", fd=state, fdname="state")
        self.qmp("migrate-incoming", uri="fd:state")
        end = time.monotonic() + ARRIVE_S
        while (status := self.qmp("query-status")["status"]) == "inmigrate":
            if time.monotonic() > end:
                raise QmpError("QEMU does not take over the snapshot")
            time.sleep(POLL_S)
        if status != "guest-panicked":  # the state in which bin/stop left it
            raise QmpError(f"QEMU took over the snapshot in state {status}")
        self.qmp("cont")

    def wait(self, seconds: float) -> bool:
        """Wait until QEMU has ended; False when the time is up first."""
        assert self.process is not None
        if not self._qmp.wait_end(seconds):
            return False
        self.process.wait()
        return True

    @property
    def said_goodbye(self) -> bool:
        """The guest came to the end of its orders."""
        return self.process is not None and self.process.returncode == LEAVE_CODE

    @property
    def pid(self) -> int:
        """QEMU's process."""
        assert self.process is not None
        return self.process.pid

    def read(self, port: str) -> bytes:
        """What the guest has written to a serial port: "console" or "control"."""
        path = self.folder / port
        return path.read_bytes() if path.exists() else b""

    def read_memory(self, cpus: int) -> bytes:
        """What the stopped guest's runner has left at REPORT: its length, and so many bytes. Costs the guest nothing."""
        path = self.folder / "memory"
        for cpu in range(cpus):
            with contextlib.suppress(QmpError):  # a CPU that runs somebody else does not know the address
                self.qmp("memsave", val=REPORT, size=8, filename=str(path), **{"cpu-index": cpu})
                (size,) = struct.unpack("<Q", path.read_bytes())
                self.qmp("memsave", val=REPORT + 8, size=size, filename=str(path), **{"cpu-index": cpu})
                return path.read_bytes()
        raise QmpError("the guest's report is not where it should be")

    def close(self) -> None:
        """End QEMU and remove its folder; may be called again."""
        if self.watchdog is not None:
            # Why first: the watchdog must not outlive QEMU's pid, which the system gives to somebody else one day.
            self.watchdog.kill()
            self.watchdog.wait()
            if self.watchdog.stdin is not None:
                self.watchdog.stdin.close()
            self.watchdog = None
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self._qmp.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> VM:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()
