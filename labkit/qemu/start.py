"""boot(): the real kernel where it is set up, else recorded runs of it."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from labkit.limits import QUIET_VARIABLE
from labkit.qemu.build import BadModule, Built, digest, named
from labkit.qemu.config import Config
from labkit.qemu.hunt import Hunt
from labkit.qemu.image import NoKernel, find_image
from labkit.qemu.kernel import Kernel
from labkit.qemu.modulerun import ModuleRun, read_run
from labkit.qemu.recorded import FOLDER, build_key, read_file, recorded, run_key, told_in
from labkit.qemu.snapshot import take_snapshot

HOW: Final = "`labkit kernel setup` gets the real kernel (about 60 MB, a minute, no root)."


class RecordedKernel(Kernel):
    """Answers from recorded runs, where there is no real kernel to run a module."""

    def __init__(self, config: Config, folder: Path | None = None) -> None:
        self.config = config
        self.folder = folder or FOLDER

    @property
    def release(self) -> str:
        """What uname -r said where the runs were recorded."""
        first = next((path for path in sorted(self.folder.glob("*/*.run")) if not path.name.startswith("build-")), None)
        if first is None:
            raise NoKernel(f"the real kernel is not set up here. {HOW}")
        return str(read_file(first)["release"])

    def __repr__(self) -> str:
        return f"<recorded runs of Linux {self.release}, preempt={self.config.preempt}>"

    def build(self, source: str | Path, name: str = "lab", first_line: int = 1) -> Built:
        """A module as it was built when the lesson was; nothing is compiled.

        Raises:
            BadModule: it did not compile.
            NoKernel: nobody recorded it.
        """
        name, source = named(source, name)
        data = recorded(build_key(name, source), self.folder)
        if data is None:
            raise NoKernel(
                f"there is no real kernel here, and recorded are only the modules of the lessons, as they stand there. {HOW}"
            )
        if "error" in data:
            raise BadModule(data["error"])
        return Built(name, b"", data["warnings"], digest(name, source))

    def run_module(
        self, source: str | Path | Built, wait_s: float = 0.35, seed: int = 1, name: str = "lab", params: str = "",
        trace: bool = True, limit_s: float = 10.0, timeout_s: float = 30.0, first_line: int = 1,
        watch: Callable[[str], None] | None = None,
    ) -> ModuleRun:  # fmt: skip
        """The run as it was recorded.

        Raises:
            NoKernel: it was not; the text says how to get the real kernel.
        """
        module = source if isinstance(source, Built) else self.build(source, name)
        data = recorded(run_key(self.config, module, wait_s, seed, params, trace, limit_s), self.folder)
        if data is None:
            raise NoKernel(f"there is no real kernel here, and this run of the module was not recorded. {HOW}")
        run = read_run(*told_in(data), self.config.exact)
        run.seed, run.warnings, run.recorded = seed, module.warnings, True
        if watch is not None:
            for record in run.dmesg:
                watch(str(record))
        return run

    def hunt(self, *args: Any, **options: Any) -> Hunt:
        """Not here.

        Raises:
            NoKernel: always: a hunt runs what nobody has run before.
        """
        raise NoKernel("a hunt needs the real kernel, recorded runs will not do: `labkit kernel setup`")


def boot(cpus: int = 1, preempt: str = "full", exact: bool = True, tell: Any = print, recordings: bool = True) -> Kernel:
    """A real Linux kernel, booted once for each choice and resumed from then on.

    Where it is not set up, a kernel that knows only the recorded runs of the lessons, and says so.

    Args:
        cpus: 1 to 4; more than one needs exact=False.
        preempt: "none", "voluntary" or "full".
        exact: one CPU in virtual time: the same module and seed give the same bytes.
        tell: called with a sentence when something takes time.
        recordings: False: the real kernel or none.

    Raises:
        NoKernel: `labkit kernel setup` has not been run here, and recordings will not do.
    """
    config = Config(cpus, preempt, exact)
    try:
        image = find_image()
    except NoKernel:
        if not recordings:
            raise
        kernel = RecordedKernel(config)
        _announce(kernel.release)
        return kernel
    return Kernel(image, config, take_snapshot(image, config, tell))


@functools.cache
def _announce(release: str) -> None:
    """Say that runs are recorded, once; nobody may take them for runs of a kernel here."""
    if not os.environ.get(QUIET_VARIABLE):
        print(f"No real kernel is set up here: what follows are recorded runs of Linux {release}. {HOW}")
