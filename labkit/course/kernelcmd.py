"""`labkit kernel ...`: fetch the real kernel into the user's cache, try it, look at it, remove it."""

from __future__ import annotations

import functools
from pathlib import Path

import click


@click.group("kernel")
def kernel() -> None:
    """The real kernel: set it up once, without root, and try it."""


@kernel.command()
def setup() -> None:
    """Fetch and unpack kernel, headers and QEMU into your cache (about 60 MB to fetch)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from labkit.errors import LabError
    from labkit.qemu.image import set_up

    out = Console()
    columns = (TextColumn("{task.description:24}"), BarColumn(), TextColumn("{task.percentage:3.0f}%"), TimeElapsedColumn())
    try:
        with Progress(*columns, console=out) as bar:
            step = bar.add_task("looking")

            def progress(what: str, done: int, total: int) -> None:
                bar.update(step, description=what, completed=done, total=total)

            image = set_up(progress)
            bar.update(step, description="ready", completed=1, total=1)
    except KeyboardInterrupt:
        raise LabError("stopped; what has arrived is kept, and the next `labkit kernel setup` goes on from there") from None
    out.print(f"Linux {image.release} is ready in {image.folder}. Try: labkit kernel demo", soft_wrap=True, highlight=False)


@kernel.command()
@click.option("--cpus", type=click.IntRange(1, 4), default=1, show_default=True, help="More than one runs freely, not exactly.")
@click.option("--preempt", type=click.Choice(["none", "voluntary", "full"]), default="full", show_default=True)
def demo(cpus: int, preempt: str) -> None:
    """Build, load and stop a small kthread module in the real kernel, and print its dmesg."""
    from labkit import qemu

    kernel = qemu.boot(cpus, preempt, exact=cpus == 1, tell=functools.partial(click.echo, err=True), recordings=False)
    run = kernel.run_module(Path(qemu.__file__).with_name("demo.c"))
    click.echo(str(run))


@kernel.command()
def status() -> None:
    """Say what is set up, and where."""
    from labkit.qemu.image import find_image

    image = find_image()
    snapshots = sorted(path.name.rpartition("-")[0] for path in (image.folder / "snapshots").glob("*/"))
    size = sum(path.stat().st_blocks * 512 for path in image.folder.rglob("*") if path.is_file() and not path.is_symlink())
    click.echo(f"Linux {image.release} in {image.folder}, {size >> 20} MB")
    click.echo(f"QEMU: {image.qemu[0]}")
    click.echo(f"compiler: {image.compiler}")
    click.echo(f"booted and saved: {', '.join(snapshots) or 'nothing yet'}")


@kernel.command()
def clear() -> None:
    """Remove the kernel and everything made with it from your cache."""
    from labkit.qemu.image import clear as remove

    click.echo(f"removed {remove()}")
