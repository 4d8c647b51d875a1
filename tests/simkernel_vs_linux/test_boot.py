"""A booted simkernel has the kthreads that a booted Linux has, and /proc says the same of each."""

from __future__ import annotations

from typing import Any

import pytest

from labkit import qemu, simkernel
from tests.simkernel_vs_linux.agree import task_lines

C = """
#include <linux/module.h>
static int __init start(void) { return 0; }
static void __exit stop(void) { }
module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
"""


def kthreads(run: Any) -> set[str]:
    """What /proc says of every kthread of a run, but for the kworkers, which come and go."""
    return {line for task in run.tasks if task.kthread and not task.name.startswith("kworker/") for line in task_lines(task)}


@pytest.mark.requires("kernel")
def test_both_kernels_boot_the_same_kthreads() -> None:
    linux = kthreads(qemu.boot().run_module(C, wait_s=0.0, trace=False))
    ours = kthreads(simkernel.boot().run_module(lambda: 0, wait_s=0.0))
    assert len(linux) > 200
    assert ours ^ linux == set()
