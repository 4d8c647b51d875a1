"""Which functions a module may use is told by the simkernel as Linux's own list of exported symbols tells it."""

from __future__ import annotations

import pytest

from labkit import qemu, simkernel
from labkit.simkernel.symbols import BEHIND, GPL_ONLY, NOT_EXPORTED


def exported() -> dict[str, str]:
    """Symbol and how it is exported, for every symbol that a module may use."""
    path = next((qemu.boot().image.root / "usr/src").glob("linux-headers-*/Module.symvers"))
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return {symbol: how for _, symbol, _, how, *_ in lines}


@pytest.mark.requires("kernel")
def test_the_simkernel_exports_what_linux_exports() -> None:
    linux = exported()
    ours = {BEHIND.get(name, name) for name in simkernel.__all__}
    assert {name for name in ours if linux.get(name) == "EXPORT_SYMBOL_GPL"} == GPL_ONLY
    assert not NOT_EXPORTED & set(linux)
