"""A C compiler where one is to be found: CC, else cc, gcc or clang from the PATH, else the one in the Python package ziglang.

Nothing compiled comes with labkit: its C files are text, compiled on the student's machine (labkit/native/build.py).
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labkit.errors import LabError

TOOL_S: Final = 120.0
"""zig compiles parts of the C library when it runs for the first time."""
MEMORY_KB: Final = 4 << 20
"""A program can ask a compiler for anything, such as to read /dev/zero to its end."""
NAMES: Final = re.compile(r"(cc|gcc|clang)(-\d+)?|(x86_64|aarch64)-conda-linux-gnu-(cc|gcc|clang)")
"""conda's compilers have long names. CC holds the name, but only where conda's environment has been activated."""
INSTALL: Final = "install one (Debian and Ubuntu: sudo apt-get install gcc libc6-dev), or: pip install 'labkit[native]'"


class NoCompiler(LabError):
    """There is no C compiler here that works."""


@dataclass(frozen=True)
class Compiler:
    """A C compiler that works: how it is called, and which one it is."""

    call: tuple[str, ...]
    version: str


@functools.cache
def find_compiler() -> Compiler:
    """The first compiler that makes a small program that runs here.

    Raises:
        NoCompiler: none does; the text says what to install, or what is wrong with the one that is here.
    """
    if sys.platform != "linux" or os.uname().machine not in ("x86_64", "aarch64"):
        raise NoCompiler(
            f"labkit's C threads need Linux on x86_64 or aarch64, and this is {sys.platform} on {os.uname().machine}. "
            "Use a machine or a container of that kind: docker run -it debian:12"
        )
    wrong = ""
    for call in _candidates():
        said = _works(call)
        if not said:
            version = subprocess.run([*call, "--version"], capture_output=True, text=True, timeout=TOOL_S, check=False).stdout
            return Compiler(call, version.splitlines()[0] if version else " ".join(call))
        wrong = wrong or f" {' '.join(call)} is here, but: {said}"
    raise NoCompiler(f"no C compiler works here: {INSTALL}.{wrong}")


def _candidates() -> Iterator[tuple[str, ...]]:
    """Every compiler that might work, the likeliest first."""
    wish = tuple(shlex.split(os.environ.get("CC", "")))
    if wish and shutil.which(wish[0]):
        yield wish
    plain = [name for name in ("cc", "gcc", "clang") if shutil.which(name)]
    places = [*os.get_exec_path(), str(Path(sys.executable).parent)]
    folders = [Path(place) for place in places if Path(place).is_dir()]
    files: dict[str, Path] = {file.name: file for folder in folders for file in folder.iterdir() if NAMES.fullmatch(file.name)}
    yield from ((name,) for name in plain)
    yield from ((name if shutil.which(name) else str(files[name]),) for name in sorted(files.keys() - set(plain)))
    if importlib.util.find_spec("ziglang"):
        # Why: zig adds checks that end a program without a word, and takes instructions that valgrind has never heard of.
        yield (sys.executable, "-m", "ziglang", "cc", "-fno-sanitize=all", "-mcpu=baseline")


def _works(call: tuple[str, ...]) -> str:
    """What is wrong with a compiler; empty if it makes a program."""
    with tempfile.TemporaryDirectory(prefix="labkit-cc-") as folder:
        (Path(folder) / "probe.c").write_text('#include <stdio.h>\nint main(void) { return puts("") < 0; }\n', encoding="utf-8")
        try:
            done = run_tool([*call, "probe.c", "-o", "probe"], Path(folder))
            if done.returncode == 0:  # Why: one that makes programs for other machines is of no use
                subprocess.run([f"{folder}/probe"], capture_output=True, timeout=TOOL_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    if "stdio.h" in done.stderr:
        return "the C library's headers are missing: sudo apt-get install libc6-dev"
    return (done.stderr.strip()[-300:] or "it fails without a word") if done.returncode else ""


def run_tool(call: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the compiler in a folder, with limits; what it says is in English."""
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    limits = f'{{ ulimit -v {MEMORY_KB}; ulimit -t {TOOL_S:.0f}; }} 2>/dev/null; exec "$@"'
    try:
        return subprocess.run(
            ["/bin/sh", "-c", limits, "sh", *call], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, errors="replace", timeout=TOOL_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(call, 1, "", f"the compiler had not ended after {TOOL_S:.0f} s: stopped")
