"""What is chosen before a kernel boots: processors, the preemption model, and whether its clock counts instructions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from labkit.errors import LabError

TRANSLATION_MB: Final = 64
"""QEMU's buffer of translated code; its default is a part of the host's memory."""
PREEMPT: Final = ("none", "voluntary", "full")


@dataclass(frozen=True)
class Config:
    """What is chosen before a kernel boots; each choice has its own snapshot.

    Attributes:
        cpus: 1 to 4.
        preempt: "none", "voluntary" or "full", the kernel's preempt= parameter (Linux 6.1, PREEMPT_DYNAMIC).
        exact: one CPU whose clock counts instructions, so that the same run gives the same bytes.
    """

    cpus: int = 1
    preempt: str = "full"
    exact: bool = True

    def __post_init__(self) -> None:
        if self.preempt not in PREEMPT:
            raise LabError(f"boot(preempt={self.preempt!r}): one of {', '.join(PREEMPT)}")
        if not isinstance(self.cpus, int) or not 1 <= self.cpus <= 4:
            raise LabError(f"boot(cpus={self.cpus!r}): 1 to 4 CPUs")
        if self.exact and self.cpus != 1:
            raise LabError(f"boot(cpus={self.cpus}): several CPUs cannot run exactly; say boot(cpus={self.cpus}, exact=False)")

    @property
    def name(self) -> str:
        """What its snapshot's folder is called, before the checksum."""
        return f"{'exact' if self.exact else 'free'}-{self.cpus}cpu-{self.preempt}"

    def arguments(self) -> list[str]:
        """QEMU's arguments for the processors. shift=3: an instruction takes 8 ns of the guest's time."""
        if self.exact:
            clock = ["-icount", "shift=3,sleep=off", "-rtc", "clock=vm,base=2026-01-01"]
            return ["-accel", f"tcg,thread=single,tb-size={TRANSLATION_MB}", *clock, "-smp", "1"]
        return ["-accel", f"tcg,thread=multi,tb-size={TRANSLATION_MB}", "-smp", str(self.cpus)]

    def kernel_line(self) -> str:
        """The kernel's boot parameters. panic_print=32 repeats the log on the console when the kernel panics."""
        clock = "tsc=unstable nokaslr"
        return f"console=ttyS0 quiet loglevel=4 panic=-1 panic_print=32 unknown_nmi_panic {clock} preempt={self.preempt}"
