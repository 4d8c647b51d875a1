"""Debian packages without root and without installing them: apt fetches and checks, dpkg unpacks into a folder.

apt-get download(8) compares every file with the sha256 of apt's signed index, and so does this file, because a package
may lie in the cache from an earlier, interrupted fetch. Nothing is installed: no script of a package ever runs.
Not done: systems without apt. The message names the container that has one.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from labkit.errors import LabError

POLL_S: Final = 0.1
"""How often the progress bar looks at what has arrived."""
SPACE_FACTOR: Final = 9
"""Bytes on disk for each byte fetched: the packages, what is unpacked of them, and room for a few snapshots."""

COURSE_RELEASE: Final = "6.1.0-56-cloud-amd64"
"""The kernel whose output the lessons show. Debian's archive keeps older ones for months; where apt has it no more, the
newest is taken, and addresses, offsets and names of functions inlined by the compiler may differ from the lessons'."""

Progress = Callable[[str, int, int], None]
"""Called with what is going on, how much of it is done, and how much there is."""

WITHOUT_APT: Final = (
    "this system has no {what}, with which the kernel is fetched. Use Debian 12, or a container of it: "
    "docker run -it debian:12. The rest of the course runs here without a kernel."
)


class Package(NamedTuple):
    """One package as apt's index names it."""

    name: str
    file: str
    size: int
    sha256: str


def plan(apt: Apt, tools: dict[str, str]) -> list[Package]:
    """The packages to fetch: kernel, headers, what builds modules, busybox, and the tools that are not on the PATH.

    Args:
        apt: where to ask.
        tools: program → the package that brings it, for every program that is needed.
    """
    release = COURSE_RELEASE
    if not apt.knows(f"linux-image-{release}", f"linux-headers-{release}"):
        release = apt.depends("linux-image-cloud-amd64", "linux-image-")[0].removeprefix("linux-image-")
    image, headers = f"linux-image-{release}", f"linux-headers-{release}"
    names = [image, headers, *apt.depends(headers, "linux-"), "busybox-static"]
    compiler = next((n.split("-x86")[0].removeprefix("linux-compiler-") for n in names if n.startswith("linux-compiler-")), "gcc")
    wanted = {program.format(gcc=compiler): package.format(gcc=compiler) for program, package in tools.items()}
    missing = [package for program, package in wanted.items() if shutil.which(program) is None]
    kbuild = [name for name in names if name.startswith("linux-kbuild-")]
    names += apt.would_install([*kbuild, *missing])
    return apt.packages(list(dict.fromkeys(names)))


class Apt:
    """apt as an ordinary user: the system's lists of packages, or private ones where those are empty or stale.

    Args:
        folder: a folder of the user's for private lists.
    """

    def __init__(self, folder: Path) -> None:
        for tool in ("apt-get", "apt-cache", "dpkg"):
            if shutil.which(tool) is None:
                raise LabError(WITHOUT_APT.format(what=tool))
        self.folder = folder
        self.options: list[str] = []

    def update(self) -> None:
        """Fetch the lists of packages into the private folder, from the system's own sources."""
        for part in ("state/lists/partial", "cache/archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        self.options = [
            *("-o", f"Dir::State={self.folder / 'state'}"),
            *("-o", "Dir::State::status=/var/lib/dpkg/status"),
            *("-o", f"Dir::Cache={self.folder / 'cache'}"),
            *("-o", "Debug::NoLocking=true"),
            *("-o", f"APT::Sandbox::User={'root' if os.geteuid() == 0 else ''}"),
        ]
        self._call("apt-get", "-qq", "update")

    def depends(self, package: str, prefix: str) -> list[str]:
        """The packages that this one depends on and whose name begins so.

        Raises:
            LabError: apt knows no such package.
        """
        text = self._call("apt-cache", "depends", package)
        found = re.findall(rf"^\s+Depends: ({re.escape(prefix)}\S+)", text, flags=re.MULTILINE)
        if not found:
            raise LabError(f"apt knows no package {package} for this machine. " + WITHOUT_APT.format(what="such kernel"))
        return found

    def knows(self, *packages: str) -> bool:
        """Can all of these be fetched?"""
        found = re.findall(r"^\s+Candidate: (\S+)", self._call("apt-cache", "policy", *packages), flags=re.MULTILINE)
        return len([version for version in found if version != "(none)"]) == len(packages)

    def would_install(self, names: list[str]) -> list[str]:
        """What apt would install with these packages here; nothing is installed."""
        text = self._call("apt-get", "install", "--simulate", "--no-install-recommends", *names)
        return re.findall(r"^Inst (\S+)", text, flags=re.MULTILINE)

    def packages(self, names: list[str]) -> list[Package]:
        """File, size and checksum of packages, from apt's index."""
        text = self._call("apt-get", "--print-uris", "download", *names)
        found = re.findall(r"^'\S+' (\S+) (\d+) SHA256:([0-9a-f]{64})", text, flags=re.MULTILINE)
        listed = [Package(file.split("_")[0], file, int(size), sha256) for file, size, sha256 in found]
        if sorted(p.name for p in listed) != sorted(names):
            raise LabError(f"apt tells no sha256 for {', '.join(set(names) - {p.name for p in listed}) or 'some packages'}")
        return listed

    def download(self, packages: list[Package], folder: Path, progress: Progress) -> None:
        """Fetch what is not in the folder yet; a file that is there and whole is kept.

        Raises:
            LabError: the disk is too small, apt fails, or a file is not the one that the index names.
        """
        folder.mkdir(parents=True, exist_ok=True)
        missing = [p for p in packages if not whole(folder, p)]
        total, todo = sum(p.size for p in packages), sum(p.size for p in missing)
        free = shutil.disk_usage(folder).free
        if free < todo * SPACE_FACTOR:
            raise LabError(f"{folder} has {free >> 20} MB free; {todo * SPACE_FACTOR >> 20} MB are needed. Make room, or set "
                           "LABKIT_CACHE_DIR to a folder on another disk. What is fetched already is kept.")  # fmt: skip
        for package in missing:
            (folder / package.file).unlink(missing_ok=True)
        if missing:
            self._fetch([p.name for p in missing], folder, lambda: progress("fetching", _bytes(folder, packages), total))
        progress("fetching", total, total)
        if broken := [p.file for p in packages if not whole(folder, p)]:
            raise LabError(f"not what apt's index says: {', '.join(broken)} in {folder}. Start `labkit kernel setup` again.")

    def _fetch(self, names: list[str], folder: Path, tick: Callable[[], None]) -> None:
        call = ["apt-get", *self.options, "-q", "-o", "Acquire::Retries=3", "download", *names]
        log, stop = folder / "apt.log", threading.Event()

        def work() -> int:
            with log.open("wb") as out:
                apt = subprocess.Popen(call, cwd=folder, stdout=out, stderr=subprocess.STDOUT, env=_english())
                while apt.poll() is None and not stop.wait(POLL_S):
                    pass
                apt.kill()
                return apt.wait()

        # Why: after Ctrl-C apt must not go on behind the user's back. A KeyboardInterrupt can come while Popen is at work, when
        # apt runs and nobody knows it yet; but it comes in the main OS thread only, so another one starts apt, and ends it.
        with ThreadPoolExecutor(1) as pool:
            try:
                fetched = pool.submit(work)
                while not fetched.done():
                    tick()
                    time.sleep(POLL_S)
            finally:
                stop.set()
        if fetched.result():
            raise LabError(f"apt-get download failed; what has arrived is kept, start again.\n{_tail(log.read_text('utf-8'))}")

    def _call(self, tool: str, *words: str) -> str:
        call = [tool, *self.options, *words]
        done = subprocess.run(call, capture_output=True, text=True, env=_english(), stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise LabError(f"{tool} {words[0]} failed:\n{_tail(done.stderr or done.stdout)}")
        return done.stdout


def whole(folder: Path, package: Package) -> bool:
    """Is this package in the folder, with the checksum of the index?"""
    path = folder / package.file
    return path.is_file() and path.stat().st_size == package.size and sha256_of(path) == package.sha256


def sha256_of(path: Path) -> str:
    """The sha256 of a file, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(packages: list[Package], folder: Path, root: Path, progress: Progress) -> None:
    """Unpack packages into root, all or nothing: root appears when the last one is unpacked."""
    fresh = root.with_name(root.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for number, package in enumerate(packages):
        progress("unpacking", number, len(packages))
        call = ["dpkg", "-x", str(folder / package.file), str(fresh)]
        done = subprocess.run(call, capture_output=True, text=True, env=_english(), check=False)
        if done.returncode:
            raise LabError(f"dpkg -x {package.file} failed, is the disk full?\n{_tail(done.stderr)}")
    shutil.rmtree(root, ignore_errors=True)
    fresh.rename(root)
    progress("unpacking", len(packages), len(packages))


def _bytes(folder: Path, packages: list[Package]) -> int:
    names = {p.file for p in packages}
    return sum(f.stat().st_size for f in folder.rglob("*") if f.name in names and f.is_file())


def _english() -> dict[str, str]:
    return os.environ | {"LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-8:])
