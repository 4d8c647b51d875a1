"""The same work on a Dask cluster: each worker process has zygotes of its own, and results come back as they are done.

Work goes out as it is (the instructor's own data), and what a student's code made comes back as text, never as a pickle. The
gradebook stays here: a worker that dies takes with it only work that is not kept yet, and Dask gives that to another one.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import secrets
import threading
from asyncio import CancelledError
from collections.abc import Generator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from labkit.errors import LabError
from labkit.grading import confine
from labkit.grading.exercise import Result, Unit, broken, grade
from labkit.grading.session import Executor
from labkit.grading.workers import Zygotes

AHEAD: Final = 8
"""So much work is sent ahead for each thread of the cluster: no worker waits for the next, and nothing piles up."""
PATIENCE_S: Final = 10
_mine = threading.local()


def dask(address: str, unsafe: bool = False) -> Executor:
    """Work on a cluster.

    Args:
        address: of its scheduler, tcp://host:port.
        unsafe: let workers grade that cannot confine a student's code.

    Raises:
        LabError: Dask is not installed.
    """
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise LabError(
            "--executor dask needs the package distributed, here and on each worker: pip install 'labkit[cluster]'"
        ) from None

    def execute(work: list[Unit]) -> Generator[tuple[Unit, Result], None, None]:
        if work:
            with contextlib.closing(_client(address)) as client:
                _look_at_workers(client, unsafe)
                yield from _results(client, work, unsafe)

    return execute


def _client(address: str) -> Any:
    from distributed import Client

    for name in ("distributed", "distributed.client"):  # what matters of it is said here, in a sentence
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise LabError(f"no Dask scheduler answers at {address} ({error}): start one with `dask scheduler`") from None


def _look_at_workers(client: Any, unsafe: bool) -> None:
    """Each worker must have the same labkit, and must be able to confine."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S)
    except TimeoutError:
        where = client.scheduler.address
        raise LabError(f"the cluster has no worker: start one on each machine with `dask worker {where}`") from None
    for address, (theirs, lacks) in client.run(about).items():
        if theirs != about()[0]:
            raise LabError(f"worker {address} has another labkit than this machine: install the same on both")
        if lacks and not unsafe:
            raise LabError(_refusal(address, lacks))


def _refusal(worker: str, lacks: list[str]) -> str:
    said = "\n  ".join(lacks)
    cure = "End it and give the command again; --unsafe grades all the same"
    return f"worker {worker} cannot confine a student's code:\n  {said}\n{cure}"


def about() -> tuple[str, list[str]]:
    """What the other side has to know of a worker: a digest of its labkit, and what it lacks."""
    here = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for file in sorted(here.rglob("*.py")):
        digest.update(file.relative_to(here).as_posix().encode() + file.read_bytes())
    return digest.hexdigest(), confine.missing()


def _results(client: Any, work: list[Unit], unsafe: bool) -> Generator[tuple[Unit, Result], None, None]:
    from distributed import KilledWorker, as_completed

    run, waiting = secrets.token_hex(4), iter(work)
    of_key: dict[str, Unit] = {}

    def send(count: int) -> list[Any]:
        futures = []
        for one in islice(waiting, count):
            of_key[key := f"labkit-{run}-{one.key}"] = one
            futures.append(client.submit(carry_out, one, unsafe, key=key, pure=False))
        return futures

    coming = as_completed(send(AHEAD * max(1, sum(client.nthreads().values()))), loop=client.loop)
    for future in coming:
        one = of_key.pop(future.key)
        try:
            result = Result.unpacked(future.result())
        except KilledWorker:
            result = broken(one, "each worker that judged it was killed")
        except LabError:
            raise
        except (Exception, CancelledError) as error:  # whatever a cluster comes up with when it falls apart
            said = str(error).partition("\n")[0] or type(error).__name__
            raise LabError(
                f"the cluster failed ({said}): what is done is kept, and the same command goes on from there"
            ) from None
        future.release()
        yield one, result
        coming.update(send(1))


def carry_out(work: Unit, unsafe: bool) -> str:
    """On a worker: grade, in this thread's own zygotes; the result as text."""
    if not hasattr(_mine, "zygotes"):
        if (lacks := confine.missing()) and not unsafe:
            raise LabError(_refusal("that came late", lacks))
        _mine.zygotes = Zygotes()
    return grade(work, _mine.zygotes).packed()
