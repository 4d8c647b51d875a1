"""Which of the kernel's functions a module may use: not all are exported, and some only to modules under the GPL."""

from __future__ import annotations

from collections.abc import Iterable
from types import CodeType
from typing import Any, Final

GPL_LICENSES: Final = ("GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL")
"""License texts that count as compatible (include/linux/license.h)."""
GPL_ONLY: Final = frozenset({
    "kthread_park", "kthread_unpark", "kthread_parkme", "kthread_should_park", "sched_set_fifo", "alloc_workqueue",
    "destroy_workqueue", "flush_work", "cancel_work_sync", "kthread_destroy_worker", "kthread_flush_worker",
    "alloc_ordered_workqueue", "create_singlethread_workqueue",
})  # fmt: skip
"""Functions that 6.1 exports to such modules only (EXPORT_SYMBOL_GPL), of those that the simkernel has."""
NOT_EXPORTED: Final = frozenset({"kthread_exit", "do_exit", "kernel_thread"})
"""Declared in headers, and not to be had by a module of 6.1."""


def missing_symbol(fns: Iterable[Any], license: str) -> str:  # noqa: A002
    """A symbol that the module uses and may not have; "" if there is none."""
    used: set[str] = set()
    for fn in fns:
        _collect(getattr(fn, "__code__", None), getattr(fn, "__globals__", {}), used, set())
    barred = set(NOT_EXPORTED) if license in GPL_LICENSES else NOT_EXPORTED | GPL_ONLY
    return min(used & barred, default="")


def _collect(code: CodeType | None, names: dict[str, Any], used: set[str], seen: set[CodeType]) -> None:
    """Names that a function uses, and those that the functions it names use, as long as they are the module's own."""
    if code is None or code in seen:
        return
    seen.add(code)
    for const in code.co_consts:
        if isinstance(const, CodeType):
            _collect(const, names, used, seen)
    for word in code.co_names:
        used.add(word)
        fn = names.get(word)
        if getattr(fn, "__globals__", None) is names:
            _collect(getattr(fn, "__code__", None), names, used, seen)
