"""C source to kernel module, as the kernel's makefiles do it, without make: its commands are asked for once and kept.

make takes a second to find out how the compiler is to be called. It says so once (make V=1), and after that the compiler,
objtool, modpost and ld are called as it would call them. Left out: -g and the build id, which would put the paths of this
machine into the module. A module of the same source is not built twice.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from labkit.errors import LabError
from labkit.qemu.image import Image, locked
from labkit.wholefile import write_whole

PROBE: Final = '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n'
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,30}")
TOOL_S: Final = 60.0


class BadModule(LabError):
    """The module cannot be built; the text is the compiler's, with the lines of the source as it was given."""


@dataclass(frozen=True)
class Built:
    """A module that is ready to load.

    Attributes:
        name: what it is called in the kernel.
        ko: the file.
        warnings: what the compiler said.
        digest: sha256 of its name and source, by which a recorded run of it is found.
    """

    name: str
    ko: bytes
    warnings: str
    digest: str


def build(image: Image, source: str | Path, name: str = "lab", first_line: int = 1) -> Built:
    """Build a module from C text or from a file; the same source again costs nothing.

    Args:
        image: the kernel whose headers are used.
        source: C text, or the path of a .c file.
        name: what the module is called in the kernel; a file gives its own.
        first_line: number of the first line in messages: 2 for a notebook cell that begins with a magic.

    Raises:
        BadModule: the compiler or modpost refuses it.
    """
    name, source = named(source, name)
    if not NAME.fullmatch(name):
        raise BadModule(f"a module's name is one word of small letters, digits and _, not {name!r}")
    text = "\n" * (first_line - 1) + source
    flags = flags_of(image)
    key = hashlib.sha256(json.dumps([image.manifest, flags, name, text]).encode()).hexdigest()
    kept = image.folder / "modules" / f"{name}-{key[:24]}.ko"
    said = kept.with_suffix(".txt")
    if kept.exists() and said.exists():
        return Built(name, kept.read_bytes(), said.read_text(encoding="utf-8"), digest(name, source))
    with tempfile.TemporaryDirectory(prefix="labkit-build-") as folder:
        warnings = _compile(image, flags, Path(folder), name, text)
        ko = (Path(folder) / f"{name}.ko").read_bytes()
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path, data in ((said, warnings.encode()), (kept, ko)):
        write_whole(path, data)
    return Built(name, ko, warnings, digest(name, source))


def build_here(image: Image, flags: list[str], source: str, name: str) -> Built:
    """Build a module and keep nothing: for a process that may write only its own folder.

    Args:
        image: the kernel whose headers are used.
        flags: from flags_of(), asked for where the kernel's makefiles may run.
        source: C text.
        name: what the module is called in the kernel.

    Raises:
        BadModule: the compiler or modpost refuses it.
    """
    if not NAME.fullmatch(name):
        raise BadModule(f"a module's name is one word of small letters, digits and _, not {name!r}")
    with tempfile.TemporaryDirectory(prefix="labkit-build-") as folder:
        warnings = _compile(image, flags, Path(folder), name, source)
        return Built(name, (Path(folder) / f"{name}.ko").read_bytes(), warnings, digest(name, source))


def named(source: str | Path, name: str) -> tuple[str, str]:
    """Name and text of a module; a file gives its own name."""
    if isinstance(source, Path):
        return source.stem.replace("-", "_"), source.read_text(encoding="utf-8")
    return name, source


def digest(name: str, source: str) -> str:
    """What a module is known by: its name and its text."""
    return hashlib.sha256(f"{name}\n{source}".encode()).hexdigest()


def _compile(image: Image, flags: list[str], folder: Path, name: str, text: str) -> str:
    """The steps from name.c to name.ko in a folder; returns what the compiler had to say."""
    (folder / f"{name}.c").write_text(text, encoding="utf-8")
    (folder / f"{name}.mod").write_text(f"{folder / name}.o\n", encoding="utf-8")
    (folder / f".{name}.o.cmd").write_text("", encoding="utf-8")  # modpost looks there for versions of exported symbols
    headers = image.headers
    own = [flag.replace("{root}", str(image.root)) for flag in flags]
    names = [f'-DKBUILD_MODNAME="{name}"', f"-D__KBUILD_MODNAME=kmod_{name}", "-DMODULE"]
    gcc = [image.compiler, *own, *names]
    warnings = _step(image, folder, [*gcc, f'-DKBUILD_BASENAME="{name}"', "-c", "-o", f"{name}.o", f"{name}.c"])
    objtool = [str(headers / "tools/objtool/objtool"), "--hacks=jump_label", "--hacks=noinstr", "--orc", "--retpoline",
               "--rethunk", "--sls", "--static-call", "--uaccess", "--module", f"{name}.o"]  # fmt: skip
    warnings += _step(image, folder, objtool)
    modpost = [
        str(headers / "scripts/mod/modpost"),
        "-m",
        "-o",
        "symvers",
        "-e",
        "-i",
        str(headers / "Module.symvers"),
        "-T",
        "-",
    ]
    _step(image, folder, modpost, f"{name}.o\n")
    _step(image, folder, [*gcc, f'-DKBUILD_BASENAME="{name}.mod"', "-c", "-o", f"{name}.mod.o", f"{name}.mod.c"])
    script = str(headers / "arch/x86/module.lds")
    ld = ["ld", "-r", "-m", "elf_x86_64", "-z", "noexecstack", "--build-id=none", "-T", script, "-o", f"{name}.ko"]
    _step(image, folder, [*ld, f"{name}.o", f"{name}.mod.o"])
    return warnings.replace(str(image.root), "")


def _step(image: Image, folder: Path, call: list[str], given: str = "") -> str:
    """Run one tool in the folder; returns what it says.

    Raises:
        BadModule: it fails.
    """
    try:
        done = subprocess.run(
            call, cwd=folder, env=image.environment, input=given, capture_output=True, text=True, timeout=TOOL_S, check=False
        )
    except FileNotFoundError:
        raise LabError(f"{call[0]} is not there any more: apt install {call[0]}, or `labkit kernel setup` again") from None
    except subprocess.TimeoutExpired:
        raise BadModule(f"{Path(call[0]).name} was not done with it after {TOOL_S:g} s") from None
    said = (done.stderr + done.stdout).strip()
    if done.returncode or "ERROR: modpost" in said:
        raise BadModule(_explain(said.replace(str(image.root), ""), Path(call[0]).name))
    return said + "\n" if said else ""


def _explain(said: str, tool: str) -> str:
    """What a tool said, with a sentence where the tool's own words help only those who know it."""
    if "missing MODULE_LICENSE" in said:
        return (
            'the module says nothing about its license, and the kernel refuses it: add MODULE_LICENSE("GPL"); at the end. '
            "(modpost: missing MODULE_LICENSE())"
        )
    if absent := re.findall(r'"(\S+)" \[\S+\] undefined', said):
        return "\n".join(
            f"{symbol}: this kernel has no such function for modules; it is misspelt, or not exported (modpost: undefined)"
            for symbol in absent
        )
    if gpl := re.findall(r"uses GPL-only symbol '?(\w+)", said):
        return f'{gpl[0]} is for modules under the GPL only: MODULE_LICENSE("GPL"); (modpost)'
    return said or f"{tool} failed and did not say why"


def flags_of(image: Image) -> list[str]:
    """How make would call the compiler, with {root} for the place of the packages; asked once, then kept."""
    kept = image.folder / "flags.json"
    if not kept.exists():
        with locked(kept):
            if not kept.exists():
                write_whole(kept, json.dumps(_ask_make(image)).encode())
    data: Any = json.loads(kept.read_text(encoding="utf-8"))
    return [str(flag) for flag in data]


def _ask_make(image: Image) -> list[str]:
    root, headers = image.root, image.headers
    makefile = headers / "Makefile"  # it includes an absolute path under /usr/src: say where the file is here
    common = next((root / "usr/src").glob("linux-headers-*-common"))
    makefile.write_text(f"include {common}/Makefile\n", encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="labkit-make-") as folder:
        (Path(folder) / "probe.c").write_text(PROBE, encoding="utf-8")
        (Path(folder) / "Makefile").write_text("obj-m := probe.o\n", encoding="utf-8")
        call = ["make", "V=1", "-C", str(headers), f"M={folder}", "modules"]
        done = subprocess.run(call, env=image.environment, capture_output=True, text=True, timeout=300, check=False)
    lines = [line for line in done.stdout.splitlines() if re.search(r"\sprobe\.c|/probe\.c\s", line) and " -c -o " in line]
    if done.returncode or not lines:
        raise LabError(f"the kernel's makefiles fail here:\n{(done.stderr or done.stdout)[-2000:]}")
    return _parse_call(lines[0], headers, root)


def _parse_call(line: str, headers: Path, root: Path) -> list[str]:
    """The compiler's flags in one line of make V=1, without what names a file and without debug information."""
    words = shlex.split(line.partition(";")[0])[1:]
    words = words[: words.index("-c")]
    drop = ("-Wp,-MMD", "-DKBUILD_", "-D__KBUILD_MODNAME", "-DMODULE", "-g")
    kept = [w for w in words if not w.startswith(drop)]
    here = [re.sub(r"^(-I)?\./", lambda m: f"{m[1] or ''}{headers}/", w) for w in kept]
    return [w.replace(str(root), "{root}") for w in here]
