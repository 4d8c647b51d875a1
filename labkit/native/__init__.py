"""C threads for real: programs in C on threads of our own (N:1) and on the operating system's (1:1), from one source."""

from labkit.native.build import BadProgram
from labkit.native.cc import NoCompiler, find_compiler
from labkit.native.child import Limits
from labkit.native.nativerun import NativeRun, Place, Stack
from labkit.native.readtrace import Switch
from labkit.native.regions import Region
from labkit.native.start import Interrupted, run
from labkit.native.switchcheck import SwitchCheck, check_switch
from labkit.native.syscalls import Syscalls

__all__ = [
    "BadProgram",
    "Interrupted",
    "Limits",
    "NativeRun",
    "NoCompiler",
    "Place",
    "Region",
    "Stack",
    "Switch",
    "SwitchCheck",
    "Syscalls",
    "check_switch",
    "find_compiler",
    "run",
]
