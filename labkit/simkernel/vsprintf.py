"""The kernel's own printf (lib/vsprintf.c): C's conversions and a few of the kernel's for pointers."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any, Final

from labkit.errors import LabError
from labkit.simkernel.errptr import MAX_ERRNO, NAMES, ErrPtr

BITS: Final = {"hh": 8, "h": 16, "": 32, "l": 64, "ll": 64, "z": 64, "t": 64, "j": 64}
"""Length modifier → bits of the number on x86-64."""

_SPEC = re.compile(
    r"%(?P<flags>[-+ #0]*)(?P<width>\*|\d*)(?P<dot>\.(?:\*|\d*))?(?P<length>hh|h|ll|l|z|t|j)?(?P<conv>p[xSse]?|.)?", re.DOTALL
)


def vsprintf(fmt: str, *args: Any) -> str:
    r"""The text that printk(fmt, ...) prints.

    Args:
        fmt: with %d %i %u %o %x %X (after h, l, ll, z, ...), %c, %s, %%, %p (hidden), %px (as it is), %pS %ps (the name of a
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
    width = int(_next(args, fmt) if found["width"] == "*" else found["width"] or 0)
    left = "-" in found["flags"] or width < 0
    width = abs(width)
    dot = found["dot"] or ""
    digits = int(_next(args, fmt) if dot == ".*" else dot[1:] or 0) if dot else -1
    value = _next(args, fmt)
    if conv in "diuoxX":
        if not isinstance(value, int):
            raise LabError(f"printk({fmt!r}): '{found[0]}' takes a whole number, not {value!r}")
        text = _number(wrap(value, BITS[length], conv in "di"), conv, found["flags"], 0 if left else width, digits)
    elif conv == "c":
        text = value if isinstance(value, str) else chr(int(value) & 255)
    elif conv == "s":
        text = "(null)" if value is None else "(efault)" if isinstance(value, ErrPtr) else str(value)
        text = text[:digits] if digits >= 0 else text
    else:
        text = _pointer(conv, value, width)
    return text.ljust(width) if left else text.rjust(width)


def _number(value: int, conv: str, flags: str, width: int, digits: int) -> str:
    """The kernel's number(). Unlike C's printf it writes %#x of 0 as 0x0, and fills with zeros whatever the precision."""
    sign = "-" if value < 0 else "" if conv not in "di" else "+" if "+" in flags else " " if " " in flags else ""
    base = {"x": "x", "X": "X", "o": "o"}.get(conv, "d")
    mark = "" if "#" not in flags else f"0{conv}" if conv in "xX" else "0" if conv == "o" and value else ""
    text = format(abs(value), base).rjust(digits, "0")
    if "0" in flags and "-" not in flags:
        text = text.rjust(width - len(sign) - len(mark), "0")
    return sign + mark + text


def wrap(value: int, bits: int, signed: bool) -> int:
    """A number as a C variable of so many bits holds it.

    >>> wrap(2**31, 32, signed=True), wrap(-1, 8, signed=False)
    (-2147483648, 255)
    """
    value &= (1 << bits) - 1
    return value - (1 << bits) if signed and value >> (bits - 1) else value


def _pointer(conv: str, value: Any, width: int) -> str:
    """A pointer's text.

    %p hides where things lie: it shows a hash, and nothing at all until the kernel has gathered random numbers to hash with.
    The simkernel, as the guest that the course boots, is never as far as that.
    """
    if conv == "pe" and (error := value.error if isinstance(value, ErrPtr) else value if isinstance(value, int) else 0):
        return f"-{NAMES[-error]}" if -error in NAMES else str(error)
    name = getattr(value, "__name__", None)
    if conv in ("pS", "ps") and name:
        return str(name)
    number = value.error if isinstance(value, ErrPtr) else 0 if value is None else value
    if isinstance(number, int) and (conv == "px" or -MAX_ERRNO <= number <= 0):
        return f"{wrap(number, 64, signed=False):0{0 if width else 16}x}"  # with a width, blanks stand for the zeros
    if conv != "px":
        return "(____ptrval____)"
    label = name or getattr(value, "comm", None) or type(value).__name__
    return f"ffff8880{zlib.crc32(label.encode('utf-8', 'surrogateescape')):08x}"


def _next(args: Iterator[Any], fmt: str) -> Any:
    for value in args:
        return value
    raise LabError(f"printk({fmt!r}): fewer arguments than conversions; in C it would print whatever lies on the stack")
