"""Which of the kernel's functions a module may use: not all are exported, and some only to modules under the GPL."""

from __future__ import annotations

from collections.abc import Iterable
from types import CodeType
from typing import Any, Final

GPL_LICENSES: Final = ("GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL")
"""License texts that count as compatible (include/linux/license.h)."""
GPL_ONLY: Final = frozenset({
    "__kthread_init_worker", "__put_task_struct", "alloc_workqueue", "cancel_work_sync", "destroy_workqueue", "drain_workqueue",
    "flush_work", "kthread_cancel_delayed_work_sync", "kthread_cancel_work_sync", "kthread_data", "kthread_flush_work",
    "kthread_flush_worker", "kthread_func", "kthread_park", "kthread_parkme", "kthread_queue_delayed_work",
    "kthread_queue_work", "kthread_should_park", "kthread_unpark", "kthread_worker_fn", "ktime_get", "mod_delayed_work_on",
    "sched_set_fifo", "system_freezable_wq", "system_highpri_wq", "system_long_wq", "system_unbound_wq",
})  # fmt: skip
"""What 6.1 exports to such modules only (EXPORT_SYMBOL_GPL), of those that the simkernel has."""
BEHIND: Final = {
    "alloc_ordered_workqueue": "alloc_workqueue",
    "create_singlethread_workqueue": "alloc_workqueue",
    "kthread_init_worker": "__kthread_init_worker",
    "ktime_get_ns": "ktime_get",
    "mod_delayed_work": "mod_delayed_work_on",
    "put_task_struct": "__put_task_struct",
}
"""Macros and inline functions, and the function that a module gets with them."""
NOT_EXPORTED: Final = frozenset({"kthread_bind_mask", "kthread_exit", "do_exit", "kernel_thread", "wake_up_state"})
"""Declared in headers, and not to be had by a module of 6.1."""


def missing_symbol(fns: Iterable[Any], license: str) -> str:  # noqa: A002
    """A symbol that the module uses and may not have; "" if there is none."""
    used: set[str] = set()
    for fn in fns:
        _collect(getattr(fn, "__code__", None), getattr(fn, "__globals__", {}), used, set())
    barred = set(NOT_EXPORTED) if license in GPL_LICENSES else NOT_EXPORTED | GPL_ONLY
    return min({BEHIND.get(word, word) for word in used} & barred, default="")


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
