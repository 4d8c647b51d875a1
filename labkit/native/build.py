"""From C text to an executable: the student's program, linked with one of labkit's two machines for threads.

uthread.c and its companions lie beside this file and are compiled when the first program needs them. What has been compiled
once, by the same compiler from the same text, is kept in the user's cache.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labkit.errors import LabError
from labkit.native.cc import Compiler, NoCompiler, find_compiler, run_tool

HERE: Final = Path(__file__).parent
CACHE_VARIABLE: Final = "LABKIT_CACHE_DIR"
KEPT: Final = 200
"""Compiled programs that stay in the cache, about 100 kB each; the oldest go first."""
FLAGS: Final = (
    *("-std=gnu11", "-O1", "-gdwarf-4", "-pthread"),
    *("-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror=implicit-function-declaration"),
    "-fno-omit-frame-pointer",  # fault.c follows the frame pointers of threads that rest
    "-fno-optimize-sibling-calls",  # or a caller would be missing there
    "-fstack-clash-protection",  # a large array touches each of its pages, so none jumps over the guard page
)
OWN_FLAGS: Final = ("-fno-inline",)
"""For the student's text alone: each call in it is a call, with a frame on the stack that one can look at."""
PARTS: Final = {
    "uthread": ("uthread.c", "mutex.c", "switch_{machine}.S", "registers.c", "record.c", "fault.c", "limits.c"),
    "pthread": ("pthreads.c", "registers.c", "record.c", "fault.c", "limits.c"),
}
"""What a program is linked with, by the machine it is to run on."""
HEADERS: Final = ("uthread.h", "record.h", "registers.h", "inside.h", "ours.h", "tools.h", "names/pthread.h")


class BadProgram(LabError):
    """The compiler refuses the program; the text is the compiler's, with the lines of the source as it was given."""


@dataclass(frozen=True)
class Program:
    """A compiled program.

    Attributes:
        path: the executable.
        warnings: what the compiler had to say.
        source: name of the C file, as messages and debug information give it.
    """

    path: Path
    warnings: str
    source: str


def cache_folder() -> Path:
    """Where compiled programs are kept: LABKIT_CACHE_DIR, else the user's cache folder."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named).expanduser().resolve() / "native"
    import platformdirs

    return Path(platformdirs.user_cache_path("labkit")) / "native"


def build(
    source: str | Path,
    machine: str = "uthread",
    *,
    name: str = "program.c",
    first_line: int = 1,
    flags: tuple[str, ...] = (),
    also: tuple[tuple[str, str], ...] = (),
) -> Program:
    """Compile a program and link it with a machine; the same source again costs nothing.

    Args:
        source: C text, or the path of a .c file.
        machine: "uthread" or "pthread".
        name: what messages call the source; a file has its own name.
        first_line: number of the first line in messages: 2 for a notebook cell that begins with a magic.
        flags: more for the compiler, after labkit's own.
        also: (name, text) of other files of the program, C or assembly, compiled and linked with it.

    Raises:
        NoCompiler: there is none.
        BadProgram: the compiler refuses the source.
    """
    if isinstance(source, Path):
        name, source = source.name, source.read_text(encoding="utf-8")
    compiler = find_compiler()
    text = "\n" * (first_line - 1) + source
    objects = linked_with(compiler, machine, flags)
    files = ((name, text), *also)
    folder = cache_folder() / "programs" / _key(str(objects.name), *(fact for file in files for fact in file), *OWN_FLAGS)
    if not (folder / "program").exists():
        _make(folder, lambda fresh: _compile(compiler, fresh, objects, files, flags))
        _tidy(folder.parent)
    os.utime(folder)
    return Program(folder / "program", (folder / "warnings").read_text(encoding="utf-8"), name)


def _compile(compiler: Compiler, folder: Path, objects: Path, files: tuple[tuple[str, str], ...], flags: tuple[str, ...]) -> None:
    """From the program's sources to the executable."""
    # Why the map: the folder is renamed when all is done, and no message should name a place that is gone.
    include = [f"-I{HERE}", f"-I{HERE / 'names'}", f"-ffile-prefix-map={folder}=."]
    warnings, made = "", []
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8", errors="replace")
        made.append(f"{name}.o")
        wanted = (*FLAGS, *OWN_FLAGS, *flags, *include) if name.endswith(".c") else ("-gdwarf-4",)
        done = run_tool([*compiler.call, *wanted, "-c", name, "-o", made[-1]], folder)
        if done.returncode:
            raise BadProgram(f"the compiler refuses {name}:\n{_explain(done.stderr)}")
        warnings += done.stderr
    linked = [*compiler.call, *FLAGS, *flags, *made, *map(str, sorted(objects.glob("*.o"))), "-o", "program", "-lm"]
    done = run_tool(linked, folder)
    if done.returncode:
        raise BadProgram(f"{files[0][0]} cannot be linked:\n{_explain(done.stderr)}")
    for name in made:
        (folder / name).unlink()
    (folder / "warnings").write_text(warnings, encoding="utf-8")


def linked_with(compiler: Compiler, machine: str, flags: tuple[str, ...]) -> Path:
    """The folder with the compiled machine, made when it is not there."""
    files = [name.format(machine=os.uname().machine) for name in PARTS[machine]]
    texts = [(HERE / name).read_text(encoding="utf-8") for name in (*files, *HEADERS)]
    folder = cache_folder() / "runtime" / _key(compiler.version, *compiler.call, *FLAGS, *flags, *files, *texts)

    def make(fresh: Path) -> None:
        for name in files:
            wanted = [flag for flag in (*FLAGS, *flags) if not (name.endswith(".S") and flag.startswith("-g"))]
            call = [*compiler.call, *wanted, "-O2", f"-I{HERE}", "-c", str(HERE / name), "-o", f"{Path(name).stem}.o"]
            done = run_tool(call, fresh)
            if done.returncode:
                raise NoCompiler(f"{compiler.call[0]} cannot compile labkit's own {name}:\n{done.stderr[-2000:]}")

    if not folder.exists():
        _make(folder, make)
    return folder


def _make(folder: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder whole or not at all; two who make the same one do not disturb each other."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    except OSError as error:
        where = f"{error.filename or folder.parent} cannot be written ({error.strerror})"
        raise LabError(f"{where}: set LABKIT_CACHE_DIR to a folder of yours on a disk with room") from None
    try:
        fill(fresh)
        fresh.rename(folder)
    except OSError:
        if not folder.exists():  # Race: another has been faster, and its folder is as good as ours
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _tidy(folder: Path) -> None:
    """Let the oldest programs go when there are too many."""
    kept = sorted((f for f in folder.iterdir() if not f.name.startswith(".")), key=lambda f: f.stat().st_mtime)
    for old in kept[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _key(*facts: str) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]


def _explain(said: str) -> str:
    """What the compiler said, with a sentence where its own words help only those who know the cause."""
    text = said.replace(f"{HERE}/", "").strip()
    if "undefined reference to `main'" in text or "undefined symbol: main" in text:
        text += "\nA program begins in a function of its own: int main(void)."
    if re.search(r"pthread_(cond|rwlock|barrier|key|once|attr|spin|detach|cancel)\w*|PTHREAD_(COND|CREATE|ONCE)\w*|sem_t", text):
        text += "\nlabkit's <pthread.h> has create, join, exit, self, setname_np and mutexes, which every machine here can do."
    if "struct labkit_knows_no_pthread_attributes" in text:
        text += "\nAttributes are not supported: pass NULL, and set uthread_stack_bytes for another size of stack."
    return text
