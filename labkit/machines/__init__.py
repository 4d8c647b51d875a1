"""How a thread is suspended and resumed: the family of machines, in teaching order."""

from __future__ import annotations

from typing import Any

from labkit.errors import LabError
from labkit.machines.base import Machine
from labkit.machines.cooperative import Cooperative
from labkit.machines.preemptive import Preemptive
from labkit.machines.pthread import Pthread

ALL: tuple[type[Machine], ...] = (Cooperative, Preemptive, Pthread)

__all__ = ["ALL", "Cooperative", "Machine", "Preemptive", "Pthread", "find"]


def find(machine: Any) -> type[Machine] | Machine:
    """A machine from what run() was given: a machine object, its name, or its class.

    Raises:
        LabError: there is no such machine.
    """
    if isinstance(machine, Machine):
        return machine
    for kind in ALL:
        if machine is kind or machine == kind.name:
            return kind
    raise LabError(f"machine={machine!r}: choose one of {', '.join(k.name for k in ALL)}, or give a machine object")
