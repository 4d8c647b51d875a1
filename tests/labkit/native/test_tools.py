"""Debuggers that watch memory keep up with our switches: AddressSanitizer and valgrind are told of every stack (tools.h)."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from labkit.native import BadProgram, Limits, NativeRun, NoCompiler, build, run
from tests.labkit.native.programs import LAWS, MACHINES, MAPS, REGISTERS, main

pytestmark = pytest.mark.requires("cc", "linux")
FREE = Limits(memory_mb=None, forks=True, seconds=30)
"""AddressSanitizer maps terabytes, and looks for leaks from a process of its own."""


def sanitized(source: str | Path, machine: str, stdin: str = "", kinds: str = "address,undefined") -> NativeRun:
    """Run under AddressSanitizer, and under UndefinedBehaviorSanitizer if wished."""
    flags = (f"-fsanitize={kinds}", "-fno-sanitize-recover=undefined")
    try:
        return run(source, machine, stdin=stdin, flags=flags, limits=FREE, fixed_addresses=False)
    except (BadProgram, NoCompiler) as error:
        if "asan" in str(error) or "sanitize" in str(error):
            pytest.skip("this compiler has no AddressSanitizer: apt install gcc libasan8")
        raise


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("program", "stdin"), [(LAWS, ""), (MAPS, ""), (REGISTERS, "100 8 3")], ids=["laws", "maps", "registers"]
)
def test_address_sanitizer_finds_nothing_wrong_with_our_switches(machine: str, program: Path, stdin: str) -> None:
    done = sanitized(program, machine, stdin)
    assert (done.verdict(), done.stderr) == ("", "")


@pytest.mark.parametrize("machine", MACHINES)
def test_address_sanitizer_finds_what_is_wrong_in_a_thread(machine: str) -> None:
    work = "static void *work(void *arg) { volatile char *p = malloc(10); uthread_yield(); p[(long)arg] = 1; return arg; }"
    done = sanitized(main("uthread_join(uthread_create(0, work, (void *)10)); return 0;", work), machine, kinds="address")
    assert done.exit == 1
    assert "heap-buffer-overflow" in done.stderr
    assert re.search(r"in work \S*program\.c:5", done.stderr)


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind not found: apt install valgrind")
@pytest.mark.parametrize("timer_us", ["0", "2000"])
def test_valgrind_finds_nothing_wrong_with_our_switches(timer_us: str) -> None:
    program = build.build(LAWS)
    call = ["valgrind", "-q", "--error-exitcode=9", "--leak-check=no", str(program.path)]
    environment = {"UTHREAD_TIMER_US": timer_us, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 10 20 30 counter 100 most 1\n", "")
