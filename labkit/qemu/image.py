"""The pieces of the real kernel in the user's cache: what `labkit kernel setup` makes, and everyone else finds.

Layout of the cache: root/ (the unpacked packages), manifest.json (what they are; written last), initramfs, flags.json (how
the kernel's makefiles call the compiler), snapshots/ and modules/. After setup nothing is fetched again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from labkit.errors import LabError
from labkit.qemu import fetch
from labkit.qemu.initramfs import initramfs
from labkit.wholefile import write_whole

CACHE_VARIABLE: Final = "LABKIT_CACHE_DIR"
FORMAT: Final = 1
QEMU: Final = "qemu-system-x86_64"
TOOLS: Final = {QEMU: "qemu-system-x86", "{gcc}": "{gcc}", "ld": "binutils", "make": "make"}
"""Programs that are fetched too where the PATH lacks them; {gcc} is the compiler that built the kernel, such as gcc-12."""


class NoKernel(LabError):
    """The kernel has not been set up here."""


@dataclass(frozen=True)
class Image:
    """A kernel that is set up: where its pieces lie.

    Attributes:
        folder: the cache.
        manifest: release, packages (file → sha256) and the compiler's name.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def root(self) -> Path:
        """Where the packages are unpacked."""
        return self.folder / "root"

    @property
    def release(self) -> str:
        """What uname -r says in the guest."""
        return str(self.manifest["release"])

    @property
    def vmlinuz(self) -> Path:
        """The kernel."""
        return self.root / "boot" / f"vmlinuz-{self.release}"

    @property
    def headers(self) -> Path:
        """The kernel's headers and makefiles."""
        return self.root / "usr" / "src" / f"linux-headers-{self.release}"

    @property
    def compiler(self) -> str:
        """The compiler that built the kernel."""
        return str(self.manifest["compiler"])

    @property
    def initramfs(self) -> Path:
        """The guest's first files."""
        return self.folder / "initramfs"

    @cached_property
    def environment(self) -> dict[str, str]:
        """The environment for programs that may come out of the packages."""
        libraries = ":".join(str(self.root / part / "x86_64-linux-gnu") for part in ("usr/lib", "lib"))
        path = f"{self.root / 'usr/bin'}:{os.environ.get('PATH', os.defpath)}"
        return os.environ | {"PATH": path, "LD_LIBRARY_PATH": libraries, "LC_ALL": "C.UTF-8"}

    @cached_property
    def qemu(self) -> list[str]:
        """How QEMU is called: the unpacked one, else the system's."""
        own = self.root / "usr/bin" / QEMU
        if own.exists():
            return [str(own), "-L", str(self.root / "usr/share/qemu"), "-L", str(self.root / "usr/share/seabios")]
        if (system := shutil.which(QEMU)) is None:
            raise NoKernel(f"{QEMU} was on the PATH when the kernel was set up, and is not any more: `labkit kernel setup`")
        return [system]

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever a snapshot made with other pieces would be wrong."""
        facts = [FORMAT, self.manifest, self.qemu[0], Path(self.qemu[0]).stat().st_mtime_ns, fetch.sha256_of(self.initramfs)]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def cache_folder() -> Path:
    """Where everything is kept: LABKIT_CACHE_DIR, else the user's cache folder."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named).expanduser().resolve() / "kernel"
    import platformdirs

    return Path(platformdirs.user_cache_path("labkit")) / "kernel"


def find_image() -> Image:
    """The kernel of this cache.

    Raises:
        NoKernel: there is none yet, or one of an older labkit.
    """
    folder = cache_folder()
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = {}
    if manifest.get("format") != FORMAT or not (folder / "root").is_dir():
        raise NoKernel("the real kernel is not set up here: run `labkit kernel setup` once (about 60 MB, a minute, no root)")
    image = Image(folder, manifest)
    fresh = _initramfs(image)
    if not image.initramfs.exists() or image.initramfs.read_bytes() != fresh:  # init.sh came with a newer labkit
        write_whole(image.initramfs, fresh)
    return image


def set_up(progress: fetch.Progress) -> Image:
    """Fetch, check and unpack what is not there yet; does nothing when all is there.

    Raises:
        LabError: this machine cannot; the message says what to do.
    """
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise LabError(
            f"the real kernel is built for Linux on x86_64, and this is {platform.system()} on {platform.machine()}. "
            "Use a machine or a container of that kind: docker run --platform linux/amd64 -it debian:12"
        )
    folder = cache_folder()
    with locked(folder / "setup", lambda: progress("waiting for another setup", 0, 1)):
        try:
            return find_image()
        except NoKernel:
            return _make(folder, progress)


def _make(folder: Path, progress: fetch.Progress) -> Image:
    apt = fetch.Apt(folder / "apt")
    debs = folder / "debs"
    progress("asking apt", 0, 1)
    try:
        packages = fetch.plan(apt, TOOLS)
        apt.download(packages, debs, progress)
    except LabError:
        if shutil.disk_usage(folder).free < 1 << 28:
            raise
        progress("fetching apt's lists", 0, 1)  # Why: a container begins without lists, and old ones name files that are gone.
        apt.update()
        packages = fetch.plan(apt, TOOLS)
        apt.download(packages, debs, progress)
    fetch.unpack(packages, debs, folder / "root", progress)
    (vmlinuz,) = (folder / "root" / "boot").glob("vmlinuz-*")
    compiler = next(p.name for p in packages if p.name.startswith("linux-compiler-")).split("-x86")[0]
    manifest = {
        "format": FORMAT,
        "release": vmlinuz.name.removeprefix("vmlinuz-"),
        "compiler": compiler.removeprefix("linux-compiler-"),
        "packages": {p.file: p.sha256 for p in packages},
    }
    (folder / "flags.json").unlink(missing_ok=True)
    write_whole(folder / "manifest.json", json.dumps(manifest, indent=1).encode())  # Invariant: written last
    shutil.rmtree(debs, ignore_errors=True)
    shutil.rmtree(folder / "apt", ignore_errors=True)
    return find_image()


def clear() -> Path:
    """Remove the kernel and everything made with it; returns where it was."""
    folder = cache_folder()
    shutil.rmtree(folder, ignore_errors=True)
    return folder


@contextmanager
def locked(path: Path, waiting: Any = None) -> Iterator[None]:
    """One process at a time makes what stands at this path; the OS drops the lock when its holder dies."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(f"{path}.lock", "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting is not None:
                waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _initramfs(image: Image) -> bytes:
    return initramfs((image.root / "bin/busybox").read_bytes())
