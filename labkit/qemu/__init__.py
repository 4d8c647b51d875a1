"""The real kernel: QEMU boots Debian's Linux 6.1 without root and without touching the host, and runs modules in it."""

from labkit.qemu.build import BadModule, Built
from labkit.qemu.hunt import Hunt
from labkit.qemu.image import NoKernel
from labkit.qemu.kernel import Kernel
from labkit.qemu.modulerun import ModuleRun
from labkit.qemu.start import boot

__all__ = ["BadModule", "Built", "Hunt", "Kernel", "ModuleRun", "NoKernel", "boot"]
