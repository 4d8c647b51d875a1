"""Tools that watch memory keep up with our switches: the sanitizers and valgrind are told of every stack (tools.h)."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from labkit.native import BadProgram, Limits, NativeRun, NoCompiler, build, run
from labkit.native.start import SWITCHES
from tests.labkit.native.programs import LAWS, MACHINES, MAPS, OURS, REGISTERS, RING, STORM, main

pytestmark = pytest.mark.requires("cc", "linux")
FREE = Limits(memory_mb=None, forks=True, seconds=30)
"""AddressSanitizer maps terabytes, and looks for leaks from a process of its own."""


def sanitized(
    source: str | Path, machine: str, stdin: str = "", kinds: str = "address,undefined", switch: str = "asm"
) -> NativeRun:
    """Run under one sanitizer or several."""
    flags = (f"-fsanitize={kinds}", "-fno-sanitize-recover=undefined")
    try:
        return run(source, machine, stdin=stdin, switch=switch, flags=flags, limits=FREE, fixed_addresses=False)
    except (BadProgram, NoCompiler) as error:
        if re.search("[at]san|sanitize", str(error)):
            pytest.skip(f"this compiler has no -fsanitize={kinds}: apt install gcc libasan8 libtsan2")
        raise


NOT_SURE = "ASan doesn't fully support makecontext/swapcontext functions"
"""Said once by AddressSanitizer whatever the program does; without what tools.h tells it, it would be right."""
EVERYWHERE = [*OURS, ("pthread", "asm")]
PROGRAMS = {
    "laws": (LAWS, ""),
    "maps": (MAPS, ""),
    "registers": (REGISTERS, "100 8 3"),
    "ring": (RING, "4 300"),
    "storm": (STORM, "3 40"),
}


@pytest.mark.parametrize(("machine", "switch"), EVERYWHERE)
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("kinds", ["address,undefined", "thread"])
def test_a_sanitizer_finds_nothing_wrong_with_our_switches(machine: str, switch: str, program: str, kinds: str) -> None:
    source, stdin = PROGRAMS[program]
    done = sanitized(source, machine, stdin, kinds, switch)
    assert (done.verdict(), [line for line in done.stderr.splitlines() if NOT_SURE not in line]) == ("", [])


@pytest.mark.parametrize("machine", MACHINES)
def test_a_data_race_of_pthreads_is_found_and_is_none_where_one_os_thread_runs_them_all(machine: str) -> None:
    work = "static volatile int n; static void *work(void *arg)"
    work += " { for (int i = 0; i < 99; i++) { n++; uthread_yield(); } return arg; }"
    body = "uthread_t a = uthread_create(0, work, 0), b = uthread_create(0, work, 0); uthread_join(a); uthread_join(b); return 0;"
    done = sanitized(main(body, work), machine, kinds="thread")
    assert ("data race" in done.stderr) == (machine == "pthread")
    if machine == "pthread":
        assert re.search(r"data race \S*program\.c:5 in work", done.stderr)


@pytest.mark.parametrize("machine", MACHINES)
def test_address_sanitizer_finds_what_is_wrong_in_a_thread(machine: str) -> None:
    work = "static void *work(void *arg) { volatile char *p = malloc(10); uthread_yield(); p[(long)arg] = 1; return arg; }"
    done = sanitized(main("uthread_join(uthread_create(0, work, (void *)10)); return 0;", work), machine, kinds="address")
    assert done.exit == 1
    assert "heap-buffer-overflow" in done.stderr
    assert re.search(r"in work \S*program\.c:5", done.stderr)


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind not found: apt install valgrind")
def test_valgrind_finds_what_is_wrong_in_a_thread() -> None:
    work = "static void *work(void *arg) { volatile char *p = malloc(10); uthread_yield(); p[(long)arg] = 1; return arg; }"
    program = build.build(main("uthread_join(uthread_create(0, work, (void *)10)); return 0;", work))
    call = ["valgrind", "-q", "--error-exitcode=9", "--leak-check=no", str(program.path)]
    done = subprocess.run(call, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert done.returncode == 9
    assert re.search(r"Invalid write of size 1\n==\d+==    at \S+ work \(program\.c:5\)", done.stderr)


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind not found: apt install valgrind")
@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("timer_us", ["0", "2000"])
def test_valgrind_finds_nothing_wrong_with_our_switches(timer_us: str, switch: str) -> None:
    program = build.build(LAWS)
    call = ["valgrind", "-q", "--error-exitcode=9", "--leak-check=no", str(program.path)]
    environment = {"UTHREAD_TIMER_US": timer_us, "UTHREAD_SWITCH": switch, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 10 20 30 counter 100 most 1\n", "")
