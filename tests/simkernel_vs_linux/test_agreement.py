"""The simkernel does what Linux does: each pair of modules, Python and C, is run in both, and their runs must agree.

A pair is pairs/NAME.py and pairs/NAME.c. What is compared stands in agree.py. Where the two are known to differ, known.toml
says how and why; the test fails when the difference is gone, so that the list stays true.
"""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from labkit import qemu, simkernel
from labkit.simkernel.boot import INSMOD_PID
from tests.simkernel_vs_linux.agree import SEEDS, differences, observe

HERE = Path(__file__).parent
PAIRS = sorted(path.stem for path in (HERE / "pairs").glob("*.c"))
KNOWN: dict[str, Any] = tomllib.loads((HERE / "known.toml").read_text(encoding="utf-8"))
WAIT_S = 0.1


def preempt(name: str) -> str:
    """The preemption model that a pair is booted with: full, unless its name ends in preempt_none or preempt_voluntary."""
    found = re.search(r"_preempt_(none|voluntary|full)$", name)
    return found[1] if found else "full"


@functools.cache
def linux(model: str = "full") -> tuple[qemu.Kernel, int]:
    """The booted kernel that every pair resumes (exact, one processor), and the first pid that it has not given out."""
    kernel = qemu.boot(preempt=model)
    return kernel, 1 + max(int(pid) for pid in re.findall(r"^==> (\d+)/", kernel.snapshot.tasks, re.MULTILINE))


def text(name: str, language: str) -> str:
    """One side of a pair."""
    return (HERE / "pairs" / f"{name}.{language}").read_text(encoding="utf-8")


def on_linux(name: str) -> list[str]:
    """What is compared of the C module's run."""
    kernel, first_pid = linux(preempt(name))
    return observe(kernel.run_module(text(name, "c"), wait_s=WAIT_S, trace=False), first_pid)


def on_simkernel(name: str, seed: int) -> list[str]:
    """What is compared of the Python module's run."""
    return observe(simkernel.boot(preempt=preempt(name)).run_module(text(name, "py"), wait_s=WAIT_S, seed=seed), INSMOD_PID + 1)


@pytest.mark.requires("kernel")
@pytest.mark.parametrize("name", PAIRS)
def test_both_kernels_agree(name: str) -> None:
    known = KNOWN.get(name, {}).get("differences", [])
    real = on_linux(name)
    assert {seed: differences(real, on_simkernel(name, seed)) for seed in SEEDS} == dict.fromkeys(SEEDS, known)


def test_every_pair_has_both_sides() -> None:
    assert sorted(path.stem for path in (HERE / "pairs").glob("*.py")) == PAIRS
    assert len(PAIRS) >= 80


def test_every_known_difference_has_a_pair_and_a_reason() -> None:
    assert set(KNOWN) <= set(PAIRS)
    for name, known in KNOWN.items():
        assert known["reason"].strip(), name
        assert known["mend"] in ("simkernel", "qemu", "nothing"), name
        assert known["differences"], name
