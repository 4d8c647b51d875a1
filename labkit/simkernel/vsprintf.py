"""The kernel's own printf (lib/vsprintf.c): C's conversions and a few of the kernel's for pointers."""

from __future__ import annotations

import errno
import re
import zlib
from collections.abc import Iterator
from typing import Any, Final

from labkit.errors import LabError

BITS: Final = {"hh": 8, "h": 16, "": 32, "l": 64, "ll": 64, "z": 64, "t": 64, "j": 64}
"""Length modifier → bits of the number on x86-64."""

_SPEC = re.compile(
    r"%(?P<flags>[-+ #0]*)(?P<width>\*|\d*)(?P<dot>\.(?:\*|\d*))?(?P<length>hh|h|ll|l|z|t|j)?(?P<conv>p[xSse]?|.)?", re.DOTALL
)


def vsprintf(fmt: str, *args: Any) -> str:
    r"""The text that printk(fmt, ...) prints.

    Args:
        fmt: with %d %i %u %o %x %X (after h, l, ll, z, ...), %c, %s, %%, %p (hashed), %px (as it is), %pS %ps (the name of a
            function), %pe (an errno's name).
        args: one for each conversion; numbers wrap around as C's do.

    Raises:
        LabError: a conversion the kernel does not know, or as many arguments as conversions is not what was given.

    >>> vsprintf("%s[%d]: %5lu %#x %-3d| %u 100%%", "worker", 7, 12, 255, 4, -1)
    'worker[7]:    12 0xff 4  | 4294967295 100%'
    """
    rest = iter(args)
    text = _SPEC.sub(lambda found: _convert(found, rest, fmt), fmt)
    left = list(rest)
    if left:
        raise LabError(f"printk({fmt!r}, ...): {len(left)} more arguments than conversions; C's compiler would warn")
    return text


def _convert(found: re.Match[str], args: Iterator[Any], fmt: str) -> str:
    conv, length = found["conv"] or "", found["length"] or ""
    if conv == "%":
        return "%"
    if not conv or conv[0] not in "diuoxXcsp":
        raise LabError(f"printk({fmt!r}): the kernel does not know '{found[0].strip()}'; a percent sign is written %%")
    width = str(_next(args, fmt)) if found["width"] == "*" else found["width"]
    dot = found["dot"] or ""
    if dot == ".*":
        dot = f".{_next(args, fmt)}"
    value = _next(args, fmt)
    flags = found["flags"]
    if conv[0] == "p":
        return f"%{flags}{width}s" % _pointer(conv, value)
    if conv == "s":
        return f"%{flags}{width}{dot}s" % ("(null)" if value is None else value)
    if conv == "c":
        return f"%{flags}{width}c" % (value if isinstance(value, str) else chr(int(value) & 255))
    if not isinstance(value, int):
        raise LabError(f"printk({fmt!r}): '{found[0]}' takes a whole number, not {value!r}")
    number = wrap(value, BITS[length], signed=conv in "di")
    if "#" in flags and (conv == "o" or number == 0):  # C marks octal with a 0, and marks no zero; Python differs in both
        flags, dot = flags.replace("#", ""), f".{len(f'{number:o}') + 1}" if number else dot
    return f"%{flags}{width}{dot}{'d' if conv in 'iu' else conv}" % number


def wrap(value: int, bits: int, signed: bool) -> int:
    """A number as a C variable of so many bits holds it.

    >>> wrap(2**31, 32, signed=True), wrap(-1, 8, signed=False)
    (-2147483648, 255)
    """
    value &= (1 << bits) - 1
    return value - (1 << bits) if signed and value >> (bits - 1) else value


def _pointer(conv: str, value: Any) -> str:
    """A pointer's text. %p hides where things lie; here the same thing has the same hash in every run."""
    if conv == "pe" and isinstance(value, int) and -value in errno.errorcode:
        return f"-{errno.errorcode[-value]}"
    name = getattr(value, "__name__", None)
    if conv in ("pS", "ps") and name:
        return str(name)
    if value is None:
        return "0" * 16
    if isinstance(value, int) and (conv == "px" or value == 0 or value < 0):
        return f"{wrap(value, 64, signed=False):016x}"
    label = str(value) if isinstance(value, int) else name or getattr(value, "comm", None) or type(value).__name__
    hashed = zlib.crc32(label.encode("utf-8", "surrogateescape"))
    return f"ffff8880{hashed:08x}" if conv == "px" else f"00000000{hashed:08x}"


def _next(args: Iterator[Any], fmt: str) -> Any:
    for value in args:
        return value
    raise LabError(f"printk({fmt!r}): fewer arguments than conversions; in C it would print whatever lies on the stack")
