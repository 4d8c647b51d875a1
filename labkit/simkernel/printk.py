"""printk: how the kernel tells what happens. It writes to a ring buffer; dmesg and /dev/kmsg read from it.

Rules of Linux 6.1 (kernel/printk/printk.c), which surprise once each: without a level it is a warning (4); a text without a
newline is an unfinished record, seen by nobody until the next one begins; only pr_cont() of the same task continues it.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from typing import Any, Final

from labkit.dmesg import dmesg as print_records
from labkit.dmesg import dmesg_options
from labkit.errors import LabError
from labkit.kmsg import LEVELS, Record
from labkit.simkernel.ringbuffer import LINE_MAX, LogBuffer, Reader
from labkit.simkernel.task import enter, the_kernel
from labkit.simkernel.vsprintf import vsprintf

__all__ = ["KERN_ALERT", "KERN_CONT", "KERN_CRIT", "KERN_DEBUG", "KERN_EMERG", "KERN_ERR", "KERN_INFO", "KERN_NOTICE",
           "KERN_SOH", "KERN_WARNING", "LogBuffer", "Reader", "dev_kmsg_write", "dmesg", "dmesg_follow", "pr_alert", "pr_cont",
           "pr_crit", "pr_debug", "pr_emerg", "pr_err", "pr_info", "pr_notice", "pr_warn", "printk", "printk_once",
           "printk_ratelimited", "vsprintf"]  # fmt: skip

KERN_SOH: Final = "\001"
"""Start of a level: this byte and a digit at the beginning of the text."""
KERN_EMERG, KERN_ALERT, KERN_CRIT, KERN_ERR, KERN_WARNING, KERN_NOTICE, KERN_INFO, KERN_DEBUG = (f"\001{n}" for n in range(8))
KERN_CONT: Final = "\001c"

RATELIMIT_INTERVAL_US: Final = 5_000_000
RATELIMIT_BURST: Final = 10
"""printk_ratelimited: at most 10 from one line of code in 5 seconds (include/linux/ratelimit_types.h)."""


def printk(fmt: str, *args: Any) -> int:
    r"""Write a record, formatted as C's printf does; returns how many characters were stored.

    Args:
        fmt: may begin with a level, as in printk(KERN_INFO + "n=%d\n", n).
        args: for the conversions, see vsprintf().
    """
    enter("printk", the_kernel().log, alone=True)
    return _store(vsprintf(fmt, *args))


def pr_emerg(fmt: str, *args: Any) -> int:
    """Level 0: the system is unusable."""
    return printk(KERN_EMERG + fmt, *args)


def pr_alert(fmt: str, *args: Any) -> int:
    """Level 1: act at once."""
    return printk(KERN_ALERT + fmt, *args)


def pr_crit(fmt: str, *args: Any) -> int:
    """Level 2: critical."""
    return printk(KERN_CRIT + fmt, *args)


def pr_err(fmt: str, *args: Any) -> int:
    """Level 3: an error."""
    return printk(KERN_ERR + fmt, *args)


def pr_warn(fmt: str, *args: Any) -> int:
    """Level 4: a warning."""
    return printk(KERN_WARNING + fmt, *args)


def pr_notice(fmt: str, *args: Any) -> int:
    """Level 5: normal, but worth a look."""
    return printk(KERN_NOTICE + fmt, *args)


def pr_info(fmt: str, *args: Any) -> int:
    """Level 6: information."""
    return printk(KERN_INFO + fmt, *args)


def pr_debug(fmt: str, *args: Any) -> int:
    """Level 7, and nothing at all unless the kernel's `debug` was set: Linux compiles it out without DEBUG."""
    return printk(KERN_DEBUG + fmt, *args) if _room().get("debug") else 0


def pr_cont(fmt: str, *args: Any) -> int:
    """Go on with the record that this task began and has not finished."""
    return printk(KERN_CONT + fmt, *args)


def printk_once(fmt: str, *args: Any) -> int:
    """printk, but only the first time that this line of code comes by."""
    sites = _room().setdefault("once", set())
    site = _caller()
    if site in sites:
        return 0
    sites.add(site)
    return printk(fmt, *args)


def printk_ratelimited(fmt: str, *args: Any) -> int:
    """printk, but at most RATELIMIT_BURST times in RATELIMIT_INTERVAL_US from this line of code; the rest is counted."""
    sites = _room().setdefault("ratelimit", {})
    site, now_us = _caller(), the_kernel().now_us()
    begin_us, printed, missed = sites.get(site, (now_us, 0, 0))
    if now_us > begin_us + RATELIMIT_INTERVAL_US:
        if missed:
            printk(f"{KERN_WARNING}%s: %d callbacks suppressed\n", site[0], missed)
        begin_us, printed, missed = now_us, 0, 0
    if printed >= RATELIMIT_BURST:
        sites[site] = begin_us, printed, missed + 1
        return 0
    sites[site] = begin_us, printed + 1, missed
    return printk(fmt, *args)


def dev_kmsg_write(text: str) -> int:
    """A user writes to /dev/kmsg: facility user, level 4 or as "<3>text" says; returns the length written."""
    log: Any = the_kernel().log
    enter("printk", log, alone=True)
    number, closed, rest = text.removeprefix("<").partition(">")
    priority, body = log.default_message_loglevel, text
    if text.startswith("<") and closed and number.isdecimal():
        priority, body = int(number), rest
    log.append(priority & 7, body, priority >> 3 or 1, final=body.endswith("\n"), time_us=the_kernel().now_us())
    return len(text.encode("utf-8", "surrogateescape"))


def dmesg(options: str = "") -> str:
    """What dmesg prints, with the options of its command line: dmesg("-x -l err,warn").

    Besides those of labkit.dmesg: -C and -c (clear, read and clear), -n LEVEL, -D, -E (the console). They print nothing,
    -c excepted. For -w there is dmesg_follow().

    Raises:
        LabError: an option that does not exist.
    """
    log: Any = the_kernel().log
    words = shlex.split(options)
    if words[:1] in (["-n"], ["--console-level"]) and len(words) == 2:
        log.console_level(_console_level(words[1]))
        return ""
    actions = {"-C": log.clear, "-D": log.console_off, "-E": log.console_on, "--clear": log.clear,
               "--console-off": log.console_off, "--console-on": log.console_on}  # fmt: skip
    if len(words) == 1 and words[0] in actions:
        actions[words[0]]()
        return ""
    if {"-w", "--follow", "-W", "--follow-new"} & set(words):
        raise LabError("dmesg('-w') would never come back: write `for line in dmesg_follow():` in a thread of its own")
    read_clear = [word for word in words if word in ("-c", "--read-clear")]
    text = print_records(log.records(log.clear_seq), **dmesg_options(shlex.join(w for w in words if w not in read_clear)))
    if read_clear:
        log.clear()
    return text


def dmesg_follow(options: str = "", new: bool = False) -> Iterator[str]:
    """dmesg -w: what it prints, record by record, waiting for each; new=True is -W, only what comes from now on."""
    log: Any = the_kernel().log
    keywords = dmesg_options(options)
    reader = log.reader()
    reader.seek_end() if new else reader.seek_data()
    seen: list[Record] = []
    shown = ""
    while (record := reader.read(wait=True)) or not log.shut:
        enter("read", log, alone=True)  # Why: the power may have been switched off while this waited
        if record is None:
            continue
        seen.append(record)  # Why: a delta needs the record before, so all of them are printed, and the new part shown
        text = print_records(seen, **keywords)
        if len(text) > len(shown):
            yield text[len(shown) :]
        shown = text


def _store(text: str) -> int:
    """vprintk_store(): take the levels off the front, and keep the record, without the newline at its end."""
    log: Any = the_kernel().log
    text = text.encode("utf-8", "surrogateescape")[: LINE_MAX - 1].decode("utf-8", "surrogateescape")
    level, cont = None, False
    while text[:1] == KERN_SOH and text[1:2] in tuple("01234567c"):
        cont = cont or text[1] == "c"
        level = int(text[1]) if level is None and text[1] != "c" else level
        text = text[2:]
    level = log.default_message_loglevel if level is None else level
    log.append(level, text, 0, cont, text.endswith("\n"), the_kernel().now_us())
    return len(text.removesuffix("\n"))


def _console_level(word: str) -> int:
    """dmesg -n takes "below this number", or the name of the last level to be shown."""
    return LEVELS.index(word.lower()) + 1 if word.lower() in LEVELS else int(word) if word.isdecimal() else 0


def _caller() -> tuple[str, str, int]:
    """The line of code that called the function that asks."""
    frame = sys._getframe(2)
    return frame.f_code.co_name, frame.f_code.co_filename, frame.f_lineno


def _room() -> dict[str, Any]:
    """What printk itself remembers during one run."""
    room: dict[str, Any] = the_kernel().rooms.setdefault("printk", {})
    return room
