"""How a thread is suspended and resumed: the family of machines, in teaching order."""

from __future__ import annotations

from labkit.machines.base import Machine
from labkit.machines.cooperative import Cooperative
from labkit.machines.preemptive import Preemptive
from labkit.machines.pthread import Pthread

ALL: tuple[type[Machine], ...] = (Cooperative, Preemptive, Pthread)

__all__ = ["ALL", "Cooperative", "Machine", "Preemptive", "Pthread"]
