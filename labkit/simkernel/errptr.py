# ruff: noqa: N802 — Linux's own names
"""How C reports a failure: a negative errno, or a pointer that is one.

A kernel function that returns a pointer has no room for an error beside it, so it returns the errno itself, dressed up as
a pointer: ERR_PTR(-ENOMEM). It is never NULL, so `if not task` does not notice it; IS_ERR(task) does (include/linux/err.h).
"""

from __future__ import annotations

import errno
from typing import Any, Final, TypeGuard

EPERM: Final = 1
ENOENT: Final = 2
ESRCH: Final = 3
EINTR: Final = 4
EIO: Final = 5
EAGAIN: Final = 11
EWOULDBLOCK: Final = EAGAIN
ENOMEM: Final = 12
EFAULT: Final = 14
EBUSY: Final = 16
EEXIST: Final = 17
ENODEV: Final = 19
EINVAL: Final = 22
ENOSYS: Final = 38
ETIME: Final = 62
ETIMEDOUT: Final = 110
ERESTARTSYS: Final = 512
"""Not for user space: "start the system call again"; what an interrupted wait returns."""

MAX_ERRNO: Final = 4095
NAMES: Final[dict[int, str]] = dict(errno.errorcode) | {
    35: "EDEADLK", 95: "EOPNOTSUPP", 512: "ERESTARTSYS", 513: "ERESTARTNOINTR", 514: "ERESTARTNOHAND", 515: "ENOIOCTLCMD",
    516: "ERESTART_RESTARTBLOCK", 517: "EPROBE_DEFER",
}  # fmt: skip
"""What %pe prints: where an errno has two names the kernel's one, and those that never leave the kernel."""


class ErrPtr:
    """A pointer that is an errno in disguise. It is true, as every pointer that is not NULL."""

    __slots__ = ("error",)

    def __init__(self, error: int) -> None:
        self.error = error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ErrPtr) and other.error == self.error

    def __hash__(self) -> int:
        return hash(self.error)

    def __repr__(self) -> str:
        return f"ERR_PTR({self.error})"


def ERR_PTR(error: int) -> ErrPtr:
    """The errno as a pointer.

    >>> task = ERR_PTR(-ENOMEM)
    >>> bool(task), IS_ERR(task), PTR_ERR(task)
    (True, True, -12)
    """
    return ErrPtr(error)


def IS_ERR(ptr: object) -> TypeGuard[ErrPtr]:
    """Whether the pointer is an errno in disguise. NULL is not."""
    return isinstance(ptr, ErrPtr)


def IS_ERR_OR_NULL(ptr: object) -> bool:
    """Whether the pointer is NULL or an errno."""
    return ptr is None or isinstance(ptr, ErrPtr)


def PTR_ERR(ptr: Any) -> int:
    """The errno that a pointer is."""
    error: int = ptr.error
    return error


def PTR_ERR_OR_ZERO(ptr: object) -> int:
    """The errno that a pointer is, or 0 for a good pointer."""
    return ptr.error if isinstance(ptr, ErrPtr) else 0
