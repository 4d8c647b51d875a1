"""The whole of our machine on 64-bit ARM, under QEMU, where it and a compiler are: threads, timer, registers, faults."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.native import build
from tests.labkit.native.programs import LAWS, REGISTERS, main

pytestmark = pytest.mark.requires("arm")

PARTS = [name.format(machine="aarch64") for name in build.PARTS["uthread"]]
MUSL = {  # what this C library has not: it is linked here because it needs no files of another machine
    "execinfo.h": "static inline int backtrace(void **all, int most) { (void)all; (void)most; return 0; }\n",
    "context.c": "#include <stdlib.h>\n#include <ucontext.h>\nint getcontext(ucontext_t *a) { abort(); }\n"
    "int swapcontext(ucontext_t *a, const ucontext_t *b) { abort(); }\n"
    "void makecontext(ucontext_t *a, void (*f)(void), int n, ...) { abort(); }\n",
}


def run_on_arm(folder: Path, program: Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Compile a program for ARM and run it in QEMU's user mode."""
    qemu = shutil.which("qemu-aarch64") or shutil.which("qemu-aarch64-static")
    assert qemu
    for name, text in MUSL.items():
        (folder / name).write_text(text, encoding="utf-8")
    sources = [str(program), str(folder / "context.c"), *(str(build.HERE / name) for name in PARTS)]
    compiler = [sys.executable, "-m", "ziglang", "cc", "-fno-sanitize=all", "-target", "aarch64-linux-musl", "-static"]
    flags = ["-std=gnu11", "-O1", "-fno-omit-frame-pointer", "-w", f"-I{folder}", f"-I{build.HERE}"]
    subprocess.run([*compiler, *flags, *sources, "-o", str(folder / "program")], check=True)
    call = [qemu, str(folder / "program")]
    return subprocess.run(call, env=os.environ | environment, input=stdin, capture_output=True, text=True, check=False)


def test_threads_keep_their_laws_on_arm(tmp_path: Path) -> None:
    assert run_on_arm(tmp_path, LAWS).stdout == "0 10 20 30 counter 100 most 1\n"


@pytest.mark.parametrize(("timer_us", "stdin"), [("0", "50 4 1"), ("2000", "200 8 0"), ("1000", "200 8 3")])
def test_no_register_is_lost_on_arm(tmp_path: Path, timer_us: str, stdin: str) -> None:
    rows = [line.split() for line in run_on_arm(tmp_path, REGISTERS, stdin, UTHREAD_TIMER_US=timer_us).stdout.splitlines()]
    assert [[row[0], *row[2:]] for row in rows] == [[str(i), "0", "-"] for i in range(int(stdin.split()[1]))]
    assert all(int(row[1]) > 0 for row in rows)


def test_a_stack_that_is_used_up_is_told_on_arm(tmp_path: Path) -> None:
    down = "static int down(int n) { volatile char room[500]; room[0] = n; return down(n + 1) + room[0]; }"
    down += " static void *work(void *arg) { return (void *)(long)down(0); }"
    (tmp_path / "deep.c").write_text(main('uthread_join(uthread_create("digger", work, 0)); return 0;', down), encoding="utf-8")
    done = run_on_arm(tmp_path, tmp_path / "deep.c")
    assert "uthread: thread 'digger' has used up its stack of 64 KiB" in done.stderr
