"""Record what the real kernel says, for tests that need no VM: `python -m tests.qemu.record`."""

from __future__ import annotations

import gzip
from pathlib import Path

from labkit.qemu import boot
from labkit.qemu.kernel import orders
from tests.qemu.modules import RECORDED

CONSOLES = Path(__file__).with_name("consoles")


def main() -> None:
    """Write NAME.console.log and, where the guest lived on, NAME.report.log."""
    kernel = boot()
    for name, source in RECORDED.items():
        built = kernel.build(source)
        with kernel.snapshot.resume(orders("lab", 0.1, 1, "", True, 5), built.ko) as vm:
            vm.wait(60)
            (CONSOLES / f"{name}.console.log").write_bytes(vm.read("console").replace(b"\r", b""))
            if vm.said_goodbye:
                (CONSOLES / f"{name}.report.log").write_bytes(gzip.decompress(vm.read("control")))
    (CONSOLES / "boot.tasks.log").write_text(kernel.snapshot.tasks, encoding="utf-8")


if __name__ == "__main__":
    main()
